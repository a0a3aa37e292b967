import type { FromThread } from './messages.ts';

const intervalMs = 1000;

/** Tells of exceptions of ours, once a second at most: a packet that causes one may come fifty times in that time. */
export function faultReport(tell: (message: FromThread) => void): (error: unknown) => void {
  let toldAtMs = -Infinity;
  return (error) => {
    if (performance.now() - toldAtMs < intervalMs) return;
    toldAtMs = performance.now();
    tell({ kind: 'fault', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  };
}
