import type { Event } from '@sylk/protocol/sylkrtc/events.ts';

/**
 * What a client is told when the process that carried its call is gone; 503 as in RFC 3261 s. 21.5.4.
 *
 * @param seq where it is known how far that process had counted
 */
export const lossEvent = (session: string, seq?: number): Event => ({
  sylkrtc: 'session-event',
  session,
  event: 'state',
  state: 'terminated',
  reason: '503 Media server lost',
  ...(seq !== undefined && { seq }),
});
