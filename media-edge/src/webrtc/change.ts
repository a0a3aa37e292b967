import type { MediaKind, MediaLine, Offer } from '../call/media.ts';
import { type BrowserDescription, usedLine } from '../sdp/browser-offer.ts';
import { receives, sends } from '../sdp/directions.ts';

/** What a new offer of the browser means for the call. */
export type Change =
  /** Media is added or removed: the far side is asked. */
  | 'media'
  /** Directions at most, such as hold: we answer it ourselves. */
  | 'directions';

/**
 * Compares what a browser offers now with what it said before, in its last offer or answer.
 * A camera that is switched off or on again is a change of media, unless it goes along with a hold.
 */
export function changeOf(before: BrowserDescription, now: BrowserDescription): Change {
  const kinds: readonly MediaKind[] = ['audio', 'video'];
  if (kinds.some((kind) => usedLine(before, kind)?.mid !== usedLine(now, kind)?.mid)) return 'media';
  if (isHeldBy(before) !== isHeldBy(now)) return 'directions';
  return sendsVideo(before) === sendsVideo(now) ? 'directions' : 'media';
}

/** True if the browser does not want to hear the far side (RFC 3264 s. 8.4), or to see it where there is no sound. */
export function isHeldBy(description: BrowserDescription): boolean {
  const main = usedLine(description, 'audio') ?? usedLine(description, 'video');
  return main !== undefined && !receives(main.direction);
}

function sendsVideo(description: BrowserDescription): boolean {
  const line = usedLine(description, 'video');
  return line !== undefined && sends(line.direction);
}

/**
 * What the browser says, for the far side, as if it did not hold: holding is told apart from media, so that
 * a change made while on hold does not stop the far side from sending for good.
 */
export function withoutHold(description: BrowserDescription): Offer {
  const { neutral } = description;
  return isHeldBy(description) ? { lines: neutral.lines.map(takenUp) } : neutral;
}

const takenUp = (line: MediaLine): MediaLine =>
  line.codecs.length > 0 && (sends(line.direction) || line.kind === 'audio')
    ? { ...line, direction: 'sendrecv' }
    : line;
