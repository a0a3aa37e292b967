/** Packets a second, both ways together, that a thread takes one by one: those of about five calls. */
const fewPackets = 500;
/** What a packet may wait on its way: less than a quarter of the usual packet time. */
const gatheringMs = 4;

/**
 * How long a thread rests between two wake-ups, in ms. With few packets each is passed on at once; with many the
 * wake-ups cost more than the packets, for this thread and for the media worker behind it, so they gather.
 *
 * @param packetsPerSecond what has come of late
 */
export const restMsAt = (packetsPerSecond: number): number => (packetsPerSecond > fewPackets ? gatheringMs : 0);
