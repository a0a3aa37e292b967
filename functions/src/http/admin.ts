import { callRows } from '@sylk/protocol/edge/codec.ts';
import type { CallRow } from '@sylk/protocol/edge/commands.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { edgeId } from '@sylk/protocol/ids.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import { allowNumbers, blockAddress, removeAddress, unblockAddress } from '../signaling/account/addresses.ts';
import { standingOf } from '../signaling/account/standing.ts';
import { askEdge } from '../signaling/edge/ask.ts';
import { ownAor } from '../signaling/own-domain.ts';
import type { Services } from '../signaling/services.ts';
import { HttpError, json, noContent } from './message.ts';
import type { Handler, Route } from './router.ts';

/** Addresses shown at a time. */
const page = 200;

/** What the operator may see and do. Whoever can reach these routes is the operator. */
export const adminRoutes = (services: Services): readonly Route[] => [
  { path: '/addresses', methods: { GET: ({ query }) => listAddresses(services, query.after ?? '') } },
  { path: '/addresses/:address/revoke', methods: { POST: change(services, removeAddress) } },
  { path: '/addresses/:address/block', methods: { POST: change(services, blockAddress) } },
  { path: '/addresses/:address/unblock', methods: { POST: change(services, unblockAddress) } },
  { path: '/addresses/:address/allow', methods: { POST: change(services, (...who) => allowNumbers(...who, true)) } },
  {
    path: '/addresses/:address/disallow',
    methods: { POST: change(services, (...who) => allowNumbers(...who, false)) },
  },
  { path: '/calls', methods: { GET: async () => json(200, { calls: await listCalls(services) }) } },
  { path: '/calls/:call/end', methods: { POST: (_, { call = '' }) => endCall(services, call) } },
  { path: '/edges', methods: { GET: () => listEdges(services) } },
  { path: '/edges/:edge/drain', methods: { POST: (_, { edge = '' }) => drainEdge(services, edge) } },
];

const listAddresses = async ({ store, clock }: Services, after: string) => {
  const accounts = await store.accounts.list(after, page);
  const rows = accounts.map(async (account) => ({
    address: account.aor,
    displayName: account.displayName,
    lifetime: account.lifetime,
    standing: standingOf(account, clock.now()),
    createdAt: account.createdAt,
    expiresAt: account.expiresAt ?? null,
    devices: (await store.devices.of(account.aor, clock.now())).length,
    phones: (await store.phones.of(account.aor, clock.now())).length,
    mayDial: account.mayDial === true,
  }));
  return json(200, { addresses: await Promise.all(rows), next: accounts.length < page ? null : accounts.at(-1)?.aor });
};

type Change = (services: Services, address: NonNullable<ReturnType<typeof ownAor>>) => Promise<boolean>;

const change =
  (services: Services, apply: Change): Handler =>
  async (_, { address = '' }) => {
    const aor = ownAor(services.domain, address.includes('@') ? address : `${address}@${services.domain.name}`);
    if (aor !== undefined && (await apply(services, aor))) return noContent;
    throw new HttpError(404, `there is no address ${address} to change`);
  };

type Row = CallRow & { readonly edge: EdgeId };

const listCalls = async (services: Services): Promise<readonly Row[]> => {
  const edges = await services.directory.alive();
  const lists = await Promise.all(
    edges.map(async ({ edge }) => {
      const id = services.crypto.token(12);
      const done = await askEdge(services, edge, { kind: 'list-calls', id, ttlMs: commandTtlMs });
      return done?.ok === true ? callRows(done.result).map((row) => ({ ...row, edge })) : [];
    }),
  );
  return lists.flat();
};

const endCall = async (services: Services, call: string) => {
  const rows = (await listCalls(services)).filter((row) => row.call === call || row.key?.session === call);
  if (rows.length === 0) throw new HttpError(404, `there is no call ${call}`);
  for (const { edge, key } of rows) {
    if (key === undefined) throw new HttpError(409, `call ${call} has no session here that could be ended`);
    const id = services.crypto.token(12);
    const done = await askEdge(services, edge, {
      kind: 'end',
      id,
      ttlMs: commandTtlMs,
      key,
      reason: '480 Ended by operator',
    });
    if (done?.ok !== true) throw new HttpError(502, done?.error ?? `edge ${edge} does not answer`);
  }
  return noContent;
};

const listEdges = async ({ store, directory, edgeLink, clock }: Services) => {
  const now = clock.now();
  const edges = (await store.edges.list()).map((edge) => ({
    edge: edge.edge,
    generation: edge.generation,
    version: edge.version,
    status: edge.status === 'alive' && directory.isOverdue(edge, now) ? 'overdue' : edge.status,
    isLinked: edgeLink.isLinked(edge),
    ...edge.load,
    renewedAt: edge.renewedAt,
  }));
  return json(200, { edges });
};

const drainEdge = async (services: Services, name: string) => {
  const id = services.crypto.token(12);
  const done = await askEdge(services, edgeId(name), { kind: 'drain', id, ttlMs: commandTtlMs });
  if (done?.ok === true) return noContent;
  throw new HttpError(502, done?.error ?? `edge ${name} does not answer`);
};
