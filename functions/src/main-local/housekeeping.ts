import type { SqliteStore } from '../adapters/local/sqlite-store.ts';
import { connectionClosed } from '../signaling/connection.ts';
import { sweepEdges } from '../signaling/edge/loss.ts';
import type { Services } from '../signaling/services.ts';

/** How often lost edges are looked for, and how often expired rows are deleted, in ms. */
const sweepMs = 1_000;
const cleanMs = 10 * 60_000;

/** What runs beside the requests. @returns what stops it */
export const startHousekeeping = (services: Services, store: SqliteStore): (() => void) => {
  const attempt = (work: () => Promise<void>, what: string) => () =>
    work().catch((error: unknown) => services.log.error({ err: error }, `${what} failed`));
  let sweep = setTimeout(() => undefined, 0);
  let isStopped = false;
  const sweepAgain = async () => {
    await attempt(() => sweepEdges(services), 'looking for lost edges')();
    if (!isStopped) sweep = setTimeout(sweepAgain, sweepMs);
  };
  void sweepAgain();
  const clean = setInterval(
    attempt(async () => store.clean(services.clock.now()), 'deleting expired rows'),
    cleanMs,
  );
  void attempt(() => closeLeftovers(services, store), 'closing former connections')();
  return () => {
    isStopped = true;
    clearTimeout(sweep);
    clearInterval(clean);
  };
};

// A process that was killed could not tell anybody that its connections ended with it.
const closeLeftovers = async (services: Services, store: SqliteStore): Promise<void> => {
  await Promise.all(store.connections.leftovers().map((connection) => connectionClosed(services, connection)));
};
