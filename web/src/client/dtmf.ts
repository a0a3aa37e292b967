export type DtmfMethod = 'info' | 'rfc4733' | string;

export interface DtmfWish {
  readonly tones: string;
  readonly durationMs: number;
  readonly interToneGapMs: number;
}

/**
 * Sends digits in the audio stream (RFC 4733) with the browser's DTMF sender.
 *
 * @param onSent called with each tone that begins, and with an empty one after the last
 * @throws Error in a browser, or a call, that cannot
 */
export function sendDtmf(senders: readonly RTCRtpSender[], wish: DtmfWish, onSent: (tone: string) => void): void {
  const dtmf = senders.find((sender) => sender.track?.kind === 'audio')?.dtmf;
  if (!dtmf) throw new Error('tones cannot be sent in the audio stream here: use the method info');
  dtmf.ontonechange = (event) => onSent(event.tone);
  // `insertDTMF` replaces the tones that are still to be sent.
  dtmf.insertDTMF(dtmf.toneBuffer + wish.tones, wish.durationMs, wish.interToneGapMs);
}
