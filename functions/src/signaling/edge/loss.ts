import { encode } from '@sylk/protocol/codec.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { leaseLostMs } from '@sylk/protocol/limits.ts';
import type { EdgeRecord } from '../../ports/edges.ts';
import type { SessionRecord } from '../../ports/sessions.ts';
import { moveFromDraining, moveRegistrationsBefore } from '../elsewhere/move.ts';
import type { Services } from '../services.ts';
import { endSession } from '../session/end.ts';
import { lossEvent } from '../session/loss-event.ts';

/** Sessions read at a time while an edge's are ended. */
const page = 100;

/** When the whole fleet is silent at once, it gets so much longer, in ms, to be heard: its calls go on without us. */
const silenceMs = 22_000;

/** A lost edge that does not come back is forgotten after this time, in ms. */
const forgetLostMs = 24 * 60 * 60_000;

/**
 * Looks after all edges: declares those lost whose lease has run out, and ends what lost or former lives have left.
 * Safe to run anywhere, at any time, and several times at once: each step has one winner.
 */
export const sweepEdges = async (services: Services): Promise<void> => {
  const { store, clock, directory, log } = services;
  const edges = await store.edges.list();
  const alive = edges.filter(({ status }) => status === 'alive');
  const isSilent = alive.length > 1 && alive.every((edge) => directory.isOverdue(edge, clock.now()));
  if (isSilent) log.warn({ edges: alive.length }, 'no edge has renewed its lease, so more likely we did not hear them');
  for (const edge of edges) await sweepEdge(services, edge, isSilent ? silenceMs : 0);
};

/** @param patienceMs how much longer than usual a lease may have run out */
const sweepEdge = async (services: Services, edge: EdgeRecord, patienceMs: number): Promise<void> => {
  const { store, clock, directory } = services;
  const now = clock.now();
  const { edge: edgeId, generation } = edge;
  let isLost = edge.status === 'lost';
  if (!isLost && directory.isOverdue(edge, now - patienceMs)) {
    isLost = await store.edges.declareLost(edgeId, generation, now - patienceMs - leaseLostMs);
    directory.forget();
    if (isLost) tellLoss(services, edge);
  }
  const former = isLost ? generation + 1 : generation;
  await endSessionsBefore(services, edgeId, former);
  await moveRegistrationsBefore(services, edgeId, former);
  if (!isLost) await moveFromDraining(services, edge);
  if (isLost && edge.renewedAt + forgetLostMs <= now) await store.edges.forget(edgeId, generation);
};

/** An edge that drains is expected to end, and does not say when: its last calls ended without it being asked. */
const tellLoss = ({ observer, log }: Services, { edge: edgeId, generation, load }: EdgeRecord): void => {
  if (load.draining) return log.info({ edgeId, generation }, 'an edge that drained has ended');
  observer.edgeLost();
  log.warn({ edgeId, generation }, 'an edge has not renewed its lease and is lost');
};

/** Ends the sessions that an edge had in generations before this one, and tells their clients, each once. */
export const endSessionsBefore = async (services: Services, edge: EdgeId, generation: number): Promise<void> => {
  for (;;) {
    const records = await services.store.sessions.ofEdgeBefore(edge, generation, page);
    const ended = await Promise.all(records.map((record) => endLost(services, record)));
    // A list that lags behind may go on naming sessions that are over already.
    if (!ended.includes(true)) return;
  }
};

// Not whatever the index names: the id may have been claimed again, at another edge.
const endLost = async (services: Services, { key, owner }: SessionRecord): Promise<boolean> => {
  const record = await endSession(services, key, { owner, isLost: true });
  if (record === undefined) return false;
  const { session } = record.key;
  services.log.info({ session, edgeId: record.owner.edge }, 'a session ended with its edge');
  // A client that is not there now learns it when it resumes.
  await services.sender.post(record.attachment.connection, encode(lossEvent(session)));
  return true;
};
