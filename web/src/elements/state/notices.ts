import type { Notice, PhoneSnapshot } from '../../store/snapshot.ts';

/** Id of the notice that stands for a call that was missed just now. */
export const missedNotice = 'missed';

/**
 * All that is to be read on the home screen, the newest first. A call that was missed just now is a notice too, not
 * a screen: whoever was typing when it stopped ringing goes on typing.
 *
 * @param own notices that the view itself makes
 */
export function noticesOf({ ended, notices }: PhoneSnapshot, own: readonly Notice[]): readonly Notice[] {
  const missed: Notice[] =
    ended?.kind === 'missed' ? [{ id: missedNotice, kind: 'missed', sentence: ended.sentence, uri: ended.uri }] : [];
  return [...own, ...missed, ...notices];
}
