/** What a time limit keeps apart from the work that it has cut off. */
export interface TimeLimit {
  /** True once the limit has passed: what is still under way must not be seen any more. */
  isOver(): boolean;
}

/**
 * Does some work, but not longer than `ms`. The work cannot be stopped; it learns from `limit` that it came too late.
 *
 * @returns whether it was done in time
 * @throws what the work throws within that time
 */
export const withinTime = async (ms: number, work: (limit: TimeLimit) => Promise<void>): Promise<boolean> => {
  let isOver = false;
  const { promise: expired, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    isOver = true;
    resolve(false);
  }, ms);
  const done = work({ isOver: () => isOver }).then(() => true);
  // After the limit nobody listens to it, and what it throws would end the process.
  done.catch(() => undefined);
  try {
    return await Promise.race([done, expired]);
  } finally {
    clearTimeout(timer);
  }
};
