import type { PhoneSnapshot } from '../../store/snapshot.ts';
import { bigCall, incomingCalls } from '../state/screen.ts';

/** What the phone itself sounds like. Speech and early media are not tones: they come from the far side. */
export type Tone = 'silence' | 'ring' | 'waiting' | 'ringback' | 'busy';

/**
 * The tone that fits a snapshot: always belonging to a call, so that a page without one never makes a sound.
 * Early media replaces ringback, since the far side then says itself how it rings (RFC 3960 s. 3.2).
 */
export function toneOf(snapshot: PhoneSnapshot): Tone {
  const big = bigCall(snapshot);
  if (incomingCalls(snapshot).length > 0) return big === undefined ? 'ring' : 'waiting';
  if (big?.phase === 'ringing') return 'ringback';
  return big === undefined && /^(486|600)\b/.test(snapshot.ended?.reason ?? '') ? 'busy' : 'silence';
}
