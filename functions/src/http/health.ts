import { probeOutcome } from '@sylk/protocol/edge/codec.ts';
import type { ProbeResult } from '@sylk/protocol/edge/commands.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import type { EdgeRecord } from '../ports/edges.ts';
import { askEdge } from '../signaling/edge/ask.ts';
import type { Services } from '../signaling/services.ts';
import { json, tooMany } from './message.ts';
import type { Route } from './router.ts';

/** A probe places a call: asked more often than this (ms), the last result is told. */
const probeCacheMs = 10_000;

interface Health {
  readonly status: 'ok' | 'failing';
  readonly store: { readonly ok: boolean };
  readonly edges: readonly (ProbeResult & { readonly edge: string })[];
}

/**
 * Whether the gateway works (`/healthz` places a call on each edge) and whether it may be sent work (`/readyz`).
 *
 * @param probesPerMinute for all processes together, where there are several: strangers may ask
 */
export const healthRoutes = (services: Services, probesPerMinute?: number): readonly Route[] => {
  let last: { readonly at: number; readonly health: Promise<Health> } | undefined;
  const health = async () => {
    const now = services.clock.now();
    if (last !== undefined && last.at + probeCacheMs > now) return last.health;
    if (probesPerMinute !== undefined) await takeProbe(services, probesPerMinute);
    last = { at: now, health: check(services) };
    return last.health;
  };
  const answer = (isGood: boolean, body: object) => json(isGood ? 200 : 503, body);
  return [
    { path: '/healthz', methods: { GET: () => health().then((body) => answer(body.status === 'ok', body)) } },
    {
      path: '/readyz',
      methods: {
        GET: async () => {
          const edges = await aliveEdges(services);
          return answer((edges?.length ?? 0) > 0, { store: { ok: edges !== undefined }, edges: edges?.length ?? 0 });
        },
      },
    },
  ];
};

const takeProbe = async ({ store, clock, observer }: Services, limit: number): Promise<void> => {
  const quota = { kind: 'probes', windowMs: 60_000, limit };
  const taken = await store.quotas.take(quota, 'all', clock.now());
  if (taken.granted) return;
  observer.quotaReached(quota.kind);
  throw tooMany(taken.retryAfterMs, 'probes');
};

const check = async (services: Services): Promise<Health> => {
  const alive = await aliveEdges(services);
  const edges = await Promise.all((alive ?? []).map((edge) => probe(services, edge)));
  const isGood = edges.length > 0 && edges.every(({ ok }) => ok);
  return { status: isGood ? 'ok' : 'failing', store: { ok: alive !== undefined }, edges };
};

/** @returns undefined when the store does not answer */
const aliveEdges = async ({ directory, log }: Services): Promise<readonly EdgeRecord[] | undefined> => {
  try {
    directory.forget();
    return await directory.alive();
  } catch (error) {
    log.error({ err: error }, 'the store does not answer');
    return undefined;
  }
};

const probe = async (services: Services, { edge }: EdgeRecord): Promise<Health['edges'][number]> => {
  const id = services.crypto.token(12);
  const done = await askEdge(services, edge, { kind: 'probe', id, ttlMs: commandTtlMs });
  if (done === undefined) return { edge, ok: false, error: 'the edge does not answer' };
  if (!done.ok) return { edge, ok: false, error: done.error ?? 'the edge refused' };
  return { edge, ...probeOutcome(done.result) };
};
