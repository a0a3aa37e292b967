import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { decodeToEdge } from '@sylk/protocol/edge/codec.ts';
import type { ToEdge } from '@sylk/protocol/edge/reports.ts';
import { type ConnectionId, connectionId, edgeId } from '@sylk/protocol/ids.ts';
import { EdgeSender } from '../../functions/src/adapters/aws/edge-sender.ts';
import { edgeLinkHandler } from '../../functions/src/adapters/lambda/edge-link.ts';
import type { WebSocketEvent } from '../../functions/src/adapters/lambda/events.ts';
import { watchEdgesHandler } from '../../functions/src/adapters/lambda/watch-edges.ts';
import { EdgeUnreachable } from '../../functions/src/ports/edge-link.ts';
import type { FollowUp } from '../../functions/src/ports/follow-ups.ts';
import { silentLog } from '../../functions/src/ports/log.ts';
import { edge, SignalingCore } from '../fakes/signaling-core.ts';

const [first, second] = [connectionId('socket=1'), connectionId('socket=2')];
const load = { calls: 0, cpu: 0, draining: false };
const hello = { kind: 'hello', id: 'r-1', edge, generation: 7, version: '0.1.0', load };

let core: SignalingCore;
let left: { readonly job: FollowUp; readonly delayS: number }[];
let sent: { readonly socket: ConnectionId; readonly message: ToEdge }[];
let broken: Set<ConnectionId>;
let gone: Set<ConnectionId>;
/** What happens while signaling waits. */
let meanwhile: () => Promise<void>;

const connections = {
  post: async (socket: ConnectionId, text: string): Promise<'sent' | 'gone'> => {
    if (broken.has(socket)) throw new Error('the service is throttled');
    if (gone.has(socket)) return 'gone';
    sent.push({ socket, message: decodeToEdge(text) });
    return 'sent';
  },
};
const followUps = { leave: async (job: FollowUp, delayS: number) => void left.push({ job, delayS }) };

beforeEach(() => {
  core = new SignalingCore({ isOrdered: false, sleep: () => meanwhile() });
  left = [];
  sent = [];
  broken = new Set();
  gone = new Set();
  meanwhile = async () => undefined;
});
afterEach(() => core.close());

const event = (eventType: WebSocketEvent['requestContext']['eventType'], socket: ConnectionId, more: object = {}) =>
  edgeLinkHandler({ services: core.services, edges: connections, followUps })({
    requestContext: { connectionId: socket, eventType, authorizer: { edge, principalId: edge } },
    ...more,
  });
const reports = (socket: ConnectionId, message: object) => event('MESSAGE', socket, { body: JSON.stringify(message) });
const sender = () =>
  new EdgeSender({
    edges: core.store.edges,
    results: core.store.commandResults,
    directory: core.services.directory,
    connections,
    clock: core.services.clock,
    log: silentLog,
  });
const lost = { kind: 'connection-lost', id: 'c-1', ttlMs: 10_000, connection: connectionId('b') } as const;
const drain = { kind: 'drain', id: 'c-2', ttlMs: 10_000 } as const;
const probe = { kind: 'probe', id: 'c-3', ttlMs: 10_000 } as const;

test('a link opens with edge.v1 only', async () => {
  const headers = { 'sec-websocket-protocol': 'edge.v1' };
  assert.deepEqual(await event('CONNECT', first, { headers }), {
    statusCode: 200,
    headers: { 'Sec-WebSocket-Protocol': 'edge.v1' },
  });
  assert.equal((await event('CONNECT', first, { headers: { 'Sec-WebSocket-Protocol': 'sylkRTC-2' } })).statusCode, 406);
});

test('an edge that says hello is answered by the same socket, and gets commands there', async () => {
  await reports(first, hello);
  const result = { leaseMs: 8_000, domain: 'sylk.test', aliases: ['localhost'] };
  assert.deepEqual(sent, [{ socket: first, message: { kind: 'answer', id: 'r-1', ok: true, result } }]);
  await reports(second, { ...hello, id: 'r-2' });
  assert.deepEqual(await sender().send(edge, drain), { kind: 'done', id: 'c-2', ok: true });
  assert.deepEqual(sent.at(-1), { socket: second, message: { ...drain, quiet: true } });
});

test('a report in the name of another edge, nonsense, and what no edge may say change nothing', async () => {
  await reports(first, { ...hello, edge: 'edge-2' });
  assert.deepEqual(sent[0]?.message, {
    kind: 'answer',
    id: 'r-1',
    ok: false,
    error: 'this link is of edge-1, not of edge-2',
  });
  await event('MESSAGE', first, { body: 'nonsense' });
  await reports(first, drain);
  assert.equal(sent.length, 1);
  assert.deepEqual(await core.store.edges.list(), []);
});

test('an event without an edge is a fault of the deployment', async () => {
  const handle = edgeLinkHandler({ services: core.services, edges: connections, followUps });
  await assert.rejects(
    handle({ requestContext: { connectionId: first, eventType: 'MESSAGE' }, body: '{}' }),
    /the authoriser named no edge/,
  );
});

test('a frame that is reported again is posted once', async () => {
  const frame = JSON.stringify({ sylkrtc: 'ack', transaction: 't-1' });
  const report = { kind: 'post', id: 'r-9', connection: 'browser', frame };
  await reports(first, report);
  await reports(first, report);
  assert.equal(core.posted.length, 1);
  assert.deepEqual(
    sent.map(({ message }) => message.kind === 'answer' && message.ok && message.result),
    [{ gone: false }, { gone: false }],
  );
});

test('a connection that an edge found closed is looked after', async () => {
  const browser = await core.open('browser');
  await reports(first, { kind: 'gone', id: 'r-8', connection: browser });
  assert.deepEqual(sent.at(-1)?.message, { kind: 'answer', id: 'r-8', ok: true, result: {} });
  assert.equal(await core.store.connections.find(browser, core.now), undefined);
  assert.deepEqual(core.closed, [browser]);
});

test('a socket that is gone is forgotten, and the other one serves', async () => {
  await reports(first, hello);
  await reports(second, { ...hello, id: 'r-2' });
  gone.add(second);
  await sender().send(edge, drain);
  assert.equal(sent.at(-1)?.socket, first);
  assert.deepEqual((await core.store.edges.list())[0]?.sockets, [first]);
});

test('a socket that fails for now is not forgotten', async () => {
  await reports(first, hello);
  await reports(second, { ...hello, id: 'r-2' });
  broken.add(second);
  await sender().send(edge, drain);
  assert.equal(sent.at(-1)?.socket, first);
  assert.deepEqual((await core.store.edges.list())[0]?.sockets, [first, second]);
});

test('an edge whose sockets were cut is waited for while it dials again', async () => {
  await reports(first, hello);
  gone.add(first);
  let waits = 0;
  meanwhile = async () => {
    waits += 1;
    if (waits === 3) await core.store.edges.addSocket(edge, 7, second);
  };
  await sender().send(edge, drain);
  assert.equal(sent.at(-1)?.socket, second);
});

test('an edge that stays away is given up; the news of a lost connection does not wait for it at all', async () => {
  await reports(first, hello);
  gone.add(first);
  const before = core.now;
  await assert.rejects(sender().send(edge, lost), EdgeUnreachable);
  assert.equal(core.now, before);
  await assert.rejects(sender().send(edge, drain), EdgeUnreachable);
  assert.ok(core.now - before >= 3_000 && core.now - before < 3_500);
  await assert.rejects(sender().send(edgeId('never-seen'), lost), EdgeUnreachable);
});

test('who asks an edge gets its answer, whichever run it came to', async () => {
  await reports(first, hello);
  const answer = { kind: 'done', id: probe.id, ok: true, result: { ok: true, packetsBack: 25 } };
  meanwhile = () => reports(second, answer).then(() => undefined);
  assert.deepEqual(await sender().send(edge, probe), answer);
  assert.deepEqual(sent.at(-1)?.message, probe);
});

test('an edge that does not answer is not waited for without end', async () => {
  await reports(first, hello);
  const before = core.now;
  await assert.rejects(sender().send(edge, probe), EdgeUnreachable);
  assert.ok(core.now - before >= 5_000 && core.now - before < 5_300);
});

test('when the last socket of an edge closes, somebody looks whether it lives once its lease must have run out', async () => {
  await reports(first, hello);
  await reports(second, { ...hello, id: 'r-2' });
  await event('DISCONNECT', first);
  assert.deepEqual(left, []);
  await event('DISCONNECT', second);
  await event('DISCONNECT', second);
  assert.deepEqual(left[0], { job: { kind: 'watch-edges' }, delayS: 9 });
});

test('each minute brings six looks', async () => {
  await watchEdgesHandler(followUps)();
  assert.deepEqual(
    left.map(({ delayS }) => delayS),
    [0, 10, 20, 30, 40, 50],
  );
});
