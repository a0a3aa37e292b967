import type { ConnectionId } from '@sylk/protocol/ids.ts';
import type { FollowUp, FollowUps } from '../ports/follow-ups.ts';
import { connectionGone, greet } from './connection.ts';
import { sweepEdges } from './edge/loss.ts';
import type { Services } from './services.ts';

/** A platform may take this long, in ms, to let anything be sent to a connection that it has accepted. */
const greetingPatienceMs = 2_000;
const greetAgainMs = 100;

/** So many times it is tried with that patience; one that cannot be greeted then is not there any more. */
const maxGreetings = 3;
const greetingPauseS = 2;

/** Does a job that was left for later. Safe to repeat. */
export const carryOutFollowUp = (services: Services, followUps: FollowUps, job: FollowUp): Promise<void> => {
  switch (job.kind) {
    case 'ready':
      return greetPatiently(services, followUps, job);
    case 'watch-edges':
      return sweepEdges(services);
  }
};

const greetPatiently = async (
  services: Services,
  followUps: FollowUps,
  { connection, attempt }: Extract<FollowUp, { kind: 'ready' }>,
): Promise<void> => {
  if (await isGreeted(services, connection)) return;
  // A client that went at once has been looked after.
  const isKnown = (await services.store.connections.find(connection, services.clock.now())) !== undefined;
  if (!isKnown) return;
  if (attempt >= maxGreetings) return connectionGone(services, connection);
  await followUps.leave({ kind: 'ready', connection, attempt: attempt + 1 }, greetingPauseS);
};

const isGreeted = async (services: Services, connection: ConnectionId): Promise<boolean> => {
  const { clock } = services;
  const until = clock.now() + greetingPatienceMs;
  for (;;) {
    if ((await greet(services, connection)) === 'sent') return true;
    if (clock.now() >= until) return false;
    await clock.sleep(greetAgainMs);
  }
};
