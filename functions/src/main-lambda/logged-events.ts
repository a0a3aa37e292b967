import type { Log } from '../ports/log.ts';
import type { Observer } from '../ports/observer.ts';

/** Counts and times as lines of the log, from which the platform makes its metrics; durations in ms. */
export const loggedEvents = (log: Log): Observer => ({
  requestDone: (request, outcome, durationMs) => log.info({ request, outcome, durationMs }, 'a request is done'),
  commandDone: (command, isTaken, durationMs) => log.debug({ command, isTaken, durationMs }, 'a command is done'),
  reportDone: (report, isAccepted, durationMs) => log.debug({ report, isAccepted, durationMs }, 'a report is done'),
  quotaReached: (quota) => log.warn({ quota }, 'a quota is reached'),
  // The signaling writes that itself, with the name of the edge.
  edgeLost: () => undefined,
});
