import type { EndedView } from '../../store/snapshot.ts';

/** How an end is shown: as usual, as a call that nobody took, or as a failure that somebody should look into. */
export type Ending = 'usual' | 'unanswered' | 'failure';

/** SIP codes of a far side that was reached but did not take the call: nothing is broken. */
const unanswered = new Set(['408', '430', '480', '486', '487', '600', '603']);

/** Tells a declined call from a broken one. */
export function endingOf({ kind, reason, unreached }: Pick<EndedView, 'kind' | 'reason' | 'unreached'>): Ending {
  if (kind !== 'failed') return 'usual';
  if (unreached !== undefined) return 'failure';
  return unanswered.has(reason.slice(0, 3)) ? 'unanswered' : 'failure';
}
