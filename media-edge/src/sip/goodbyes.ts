import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Waits until all have said goodbye, `ms` at most. Never rejects. */
export function withinMs(
  goodbyes: readonly Promise<void>[],
  { clock, log, ms }: { clock: Clock; log: Log; ms: number },
) {
  return new Promise<void>((resolve) => {
    const timer = clock.after(ms, resolve);
    const failed = (error: unknown) => log.error({ err: error }, 'a leg could not say goodbye');
    Promise.all(goodbyes)
      .catch(failed)
      .finally(() => {
        timer.cancel();
        resolve();
      });
  });
}
