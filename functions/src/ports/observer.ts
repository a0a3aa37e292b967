import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeReport } from '@sylk/protocol/edge/reports.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';

/** How a request ended: acknowledged here, handed to an edge that answers it, or refused with a code of errors.ts. */
export type RequestOutcome = string;

/** What is counted and timed; durations in ms. */
export interface Observer {
  requestDone(request: Request['sylkrtc'], outcome: RequestOutcome, durationMs: number): void;
  commandDone(command: EdgeCommand['kind'], isTaken: boolean, durationMs: number): void;
  reportDone(report: EdgeReport['kind'], isAccepted: boolean, durationMs: number): void;
  quotaReached(quota: string): void;
  edgeLost(): void;
}

/** Counts nothing; for tests. */
export const blindObserver: Observer = {
  requestDone: () => undefined,
  commandDone: () => undefined,
  reportDone: () => undefined,
  quotaReached: () => undefined,
  edgeLost: () => undefined,
};
