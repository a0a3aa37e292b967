import type { Log } from '../ports/log.ts';

/** What an edge carries. */
export interface Load {
  readonly calls: number;
  readonly sessions: number;
  /** 0..1 of a core, the busiest media worker. */
  readonly workerLoad: number;
  readonly draining: boolean;
}

const reportMs = 60_000;

/** Writes the load into the log once a minute: whoever scales a fleet reads it there. @returns what stops it */
export function reportLoad(load: () => Load, log: Log): () => void {
  const timer = setInterval(() => log.info(load(), 'load'), reportMs);
  timer.unref();
  return () => clearInterval(timer);
}
