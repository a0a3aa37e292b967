import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { leaseLostMs } from '@sylk/protocol/limits.ts';
import { FakeEdge } from '../fakes/fake-edge.ts';
import { RawClient } from '../fakes/raw-client.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
let alice: Address;
beforeEach(async () => {
  stage = await SignalingStage.open();
  alice = await stage.mint();
});
afterEach(() => stage.close());

const call = async (client: RawClient, edge: FakeEdge): Promise<string> => {
  const session = randomUUID();
  client.send({ sylkrtc: 'session-create', session, account: alice.address, uri: 'bob@example.org', sdp: 'v=0' });
  await edge.receives('request');
  return session;
};
const terminated = (session: string) => ({
  sylkrtc: 'session-event',
  session,
  event: 'state',
  state: 'terminated',
  reason: '503 Media server lost',
});

test('hello tells the domain, its aliases and the lease', async () => {
  const edge = new FakeEdge({ port: stage.port, secret: stage.signaling.edgeSecret });
  const hello = await edge.addSocket();
  assert.equal(hello.domain, 'sylk.test');
  assert.ok(hello.aliases.includes('localhost') && hello.aliases.includes('127.0.0.1'));
  assert.equal(hello.leaseMs, leaseLostMs);
  edge.vanish();
});

test('a link needs a token that is genuine, fresh and unused', async () => {
  const edge = await stage.edge();
  const refused = /Unexpected server response: 401/;
  await assert.rejects(edge.addSocket('nonsense'), refused);
  await assert.rejects(edge.addSocket(edge.token({ secret: 'another secret' })), refused);
  await assert.rejects(edge.addSocket(edge.token({ at: Date.now() - 10 * 60_000 })), refused);
  await assert.rejects(edge.addSocket(edge.token({ at: Date.now() + 10 * 60_000 })), refused);
  const token = edge.token();
  await edge.addSocket(token);
  await assert.rejects(edge.addSocket(token), refused);
});

test('an edge may not report in the name of another', async () => {
  const edge = await stage.edge();
  const other = new FakeEdge({ port: 0, secret: '', edge: 'edge-2' });
  const load = { calls: 0, cpu: 0, draining: false };
  await assert.rejects(
    edge.report({ kind: 'renew', edge: other.edge, generation: 1, load }),
    /this link is of edge-1, not of edge-2/,
  );
});

test('commands go to the newest socket, and to another when it is lost', async () => {
  const edge = await stage.edge();
  await edge.addSocket();
  const client = await stage.guest(alice);
  await call(client, edge);
  edge.loseSocket();
  await call(client, edge);
  await edge.addSocket();
  await call(client, edge);
});

test('a command waits for an edge that dials again', async () => {
  const edge = await stage.edge();
  const client = await stage.guest(alice);
  edge.loseSocket();
  const calling = call(client, edge);
  await edge.addSocket();
  await calling;
});

test('a command whose answer is lost with its socket is sent again with the same id', async () => {
  const edge = await stage.edge();
  const client = await stage.guest(alice);
  edge.answer = () => undefined;
  client.send({ sylkrtc: 'session-create', session: 's', account: alice.address, uri: 'b@example.org', sdp: 'v=0' });
  const first = await edge.receives('request');
  edge.answer = ({ id }) => ({ kind: 'done', id, ok: true });
  await edge.addSocket();
  edge.loseSocket();
  const second = await edge.receives('request');
  assert.equal(second.id, first.id);
  assert.equal(await client.asks({ sylkrtc: 'ping' }), 'ack');
});

test('an edge that died: its calls end with a cause within ten seconds, once', async () => {
  const edge = await stage.edge();
  const client = await stage.guest(alice);
  const session = await call(client, edge);
  const diedAt = Date.now();
  edge.vanish();
  assert.deepEqual(await client.next(), terminated(session));
  assert.ok(Date.now() - diedAt < 10_000, `${Date.now() - diedAt} ms`);
  assert.equal(await client.asks({ sylkrtc: 'session-terminate', session }), `Unknown session ${session}`);
  assert.deepEqual(await client.rest(), []);
});

test('a new generation of an edge ends the calls of the old one at once', async () => {
  const old = await stage.edge({ generation: 1 });
  const client = await stage.guest(alice);
  const session = await call(client, old);
  old.vanish();
  const edge = await stage.edge({ generation: 2 });
  assert.deepEqual(await client.next(), terminated(session));
  await call(client, edge);
});

test('an older generation is not let in, and what was declared lost stays lost', async () => {
  const edge = await stage.edge({ generation: 5 });
  await assert.rejects(stage.edge({ generation: 4 }), /generation 4 of edge-1 is replaced by 5/);
  assert.deepEqual(await edge.renew(), { lost: false });
  edge.vanish();
  await stage.until(async () => (await stage.operator('GET', '/edges')).includes('"lost"'));
  const zombie = await stage.edge({ generation: 5 });
  assert.deepEqual(await zombie.renew(), { lost: true });
  const client = await stage.guest(alice);
  const reply = await client.asks({
    sylkrtc: 'session-create',
    session: 's',
    account: alice.address,
    uri: 'b@x.org',
    sdp: '',
  });
  assert.equal(reply, 'No media server is available, try again later');
});

test('calls go to the edge with the fewest, none to one that drains', async () => {
  const [busy, idle] = [await stage.edge({ edge: 'busy' }), await stage.edge({ edge: 'idle' })];
  const client = await stage.guest(alice);
  await busy.renew({ calls: 10, cpu: 0.1, draining: false });
  await idle.renew({ calls: 1, cpu: 0.1, draining: false });
  await stage.until(async () => (await stage.operator('GET', '/edges')).includes('"calls":10'));
  await call(client, idle);
});

test('signaling restarts: calls go on, connections are told lost, sessions can be resumed', async () => {
  const edge = await stage.edge();
  const client = await stage.guest(alice, { device: 'my-laptop' });
  const secret = 'x'.repeat(32);
  const create = { session: 's1', account: alice.address, uri: 'bob@example.org', sdp: 'v=0', resume: secret };
  client.send({ sylkrtc: 'session-create', ...create });
  const { from } = await edge.receives('request');
  await stage.restart();
  assert.equal((await client.closed).code, 1001);
  assert.equal((await edge.receives('connection-lost')).connection, from.connection);
  await edge.addSocket();
  const next = await stage.guest(alice, { device: 'my-laptop' });
  const resume = { account: alice.address, session: 's1', secret, last_event: 0 };
  next.send({ sylkrtc: 'session-resume', ...resume });
  assert.equal((await edge.receives('resume')).from.epoch, 2);
  assert.deepEqual(await edge.renew(), { lost: false });
});

test('a server to which no edge ever came refuses connections after a while', async () => {
  const opened = (client: RawClient) => {
    client.close();
    return false;
  };
  const refused = (error: Error) => error.message === '503 Backend is not connected';
  await stage.until(() => RawClient.open({ port: stage.port }).then(opened, refused));
});
