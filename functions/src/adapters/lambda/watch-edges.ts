import type { FollowUps } from '../../ports/follow-ups.ts';

/** The schedule of the platform counts minutes; edges are looked after every 10 s of each. */
const delaysS = [0, 10, 20, 30, 40, 50];

/** Called each minute: leaves the looks of that minute to the queue. */
export const watchEdgesHandler = (followUps: FollowUps) => async (): Promise<void> => {
  await Promise.all(delaysS.map((delayS) => followUps.leave({ kind: 'watch-edges' }, delayS)));
};
