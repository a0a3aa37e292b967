import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { aor, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { FakeEdge } from '../fakes/fake-edge.ts';
import type { RawClient } from '../fakes/raw-client.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
let edge: FakeEdge;
let alice: Address;
before(async () => {
  stage = await SignalingStage.open({ SYLK_ADDRESSES_PER_HOUR: '1000' });
  edge = await stage.edge();
});
beforeEach(async () => {
  alice = await stage.mint();
});
after(() => stage.close());

const device = 'my-laptop';
const newSecret = () => randomBytes(24).toString('base64url');

const create = (session: string, secret: string, more: object = {}) => ({
  sylkrtc: 'session-create',
  session,
  account: alice.address,
  uri: 'bob@example.org',
  sdp: 'v=0',
  resume: secret,
  ...more,
});
const resume = (session: string, secret: string, more: object = {}) => ({
  sylkrtc: 'session-resume',
  account: alice.address,
  session,
  secret,
  last_event: 0,
  ...more,
});

/** A call on a client of this device. */
const call = async () => {
  const [session, secret] = [randomUUID(), newSecret()];
  const client = await stage.guest(alice, { device });
  client.send(create(session, secret));
  const { from } = await edge.receives('request');
  return { session, secret, client, from };
};

const unknown = (client: RawClient, request: ReturnType<typeof resume>) =>
  client.asks(request).then((reply) => assert.equal(reply, `Unknown session ${request.session}`));

test('a new connection takes the session over; the old one may not speak for it any more', async () => {
  const { session, secret, client, from } = await call();
  const next = await stage.guest(alice, { device });
  next.send(resume(session, secret, { last_event: 3, sdp: 'v=0' }));
  const command = await edge.receives('resume');
  assert.equal(command.request.last_event, 3);
  assert.notEqual(command.from.connection, from.connection);
  assert.deepEqual({ ...command.from, connection: from.connection }, { ...from, epoch: 2 });
  assert.equal(await client.asks({ sylkrtc: 'session-terminate', session }), `Unknown session ${session}`);
  next.send({ sylkrtc: 'session-terminate', session });
  assert.deepEqual((await edge.receives('request')).from, command.from);
});

test('it may be resumed again and again, each time with a higher epoch', async () => {
  const { session, secret } = await call();
  for (const epoch of [2, 3, 4]) {
    const client = await stage.guest(alice, { device });
    client.send(resume(session, secret));
    assert.equal((await edge.receives('resume')).from.epoch, epoch);
  }
});

test('the same connection may resume what it has', async () => {
  const { session, secret, client } = await call();
  client.send(resume(session, secret));
  assert.equal((await edge.receives('resume')).from.epoch, 2);
  client.send({ sylkrtc: 'session-terminate', session });
  assert.equal((await edge.receives('request')).from.epoch, 2);
});

test('another device of the account may, with the secret; the session keeps its device', async () => {
  const { session, secret, from } = await call();
  const phone = await stage.guest(alice, { device: 'my-phone' });
  phone.send(resume(session, secret));
  assert.equal((await edge.receives('resume')).from.device, from.device);
});

test('whatever is wrong looks alike', async () => {
  const { session, secret } = await call();
  const client = await stage.guest(alice, { device });
  await unknown(client, resume(randomUUID(), secret));
  await unknown(client, resume(session, newSecret()));
  const stranger = await stage.client();
  await unknown(stranger, resume(session, secret));
  const bob = await stage.mint();
  await unknown(await stage.guest(bob), resume(session, secret, { account: bob.address }));
  const unverified = await stage.guest({ ...alice, password: 'wrong' });
  await unknown(unverified, resume(session, secret));
  assert.deepEqual(edge.unread('resume'), []);
});

test('a session that gave no secret cannot be resumed', async () => {
  const session = randomUUID();
  const client = await stage.guest(alice, { device });
  client.send(create(session, '', { resume: undefined }));
  await edge.receives('request');
  await unknown(await stage.guest(alice, { device }), resume(session, newSecret()));
});

test('a session that is over cannot be resumed', async () => {
  const { session, secret, from } = await call();
  const key = { aor: aor(alice.address), device: from.device, session: sessionId(session) };
  await edge.report({ kind: 'ended', keys: [key] });
  await unknown(await stage.guest(alice, { device }), resume(session, secret));
});

test('a session that ended with its edge while nobody listened: a resume tells the end, as the next event', async () => {
  const { session, secret, client } = await call();
  client.lose();
  edge.vanish();
  edge = await stage.edge({ generation: edge.generation + 1 });
  const next = await stage.guest(alice, { device });
  await unknown(next, resume(session, newSecret(), { last_event: 4 }));
  assert.equal(await next.asks(resume(session, secret, { last_event: 4 })), 'ack');
  const end = { event: 'state', state: 'terminated', reason: '503 Media server lost', seq: 5 };
  assert.deepEqual(await next.next(), { sylkrtc: 'session-event', session, ...end });
  await unknown(await stage.guest(await stage.mint()), resume(session, secret));
});

test('an edge ends only the sessions of its own life', async () => {
  const { session, client, from } = await call();
  const key = { aor: aor(alice.address), device: from.device, session: sessionId(session) };
  await edge.report({ kind: 'ended', generation: edge.generation - 1, keys: [key] });
  client.send({ sylkrtc: 'session-terminate', session });
  await edge.receives('request');
  await edge.report({ kind: 'ended', generation: edge.generation, keys: [key] });
  assert.equal(await client.asks({ sylkrtc: 'session-terminate', session }), `Unknown session ${session}`);
});

test('a create that is repeated on the next connection takes its session along', async () => {
  const [session, secret] = [randomUUID(), newSecret()];
  const first = await stage.guest(alice, { device });
  first.send(create(session, secret, { transaction: 'create-1' }));
  const { from } = await edge.receives('request');
  first.lose();
  const second = await stage.guest(alice, { device });
  second.send(create(session, secret, { transaction: 'create-1' }));
  const again = await edge.receives('request');
  assert.equal(again.from.epoch, 2);
  assert.notEqual(again.from.connection, from.connection);
});

test('a create with the id of another connection of the device is refused without its secret', async () => {
  const { session } = await call();
  const other = await stage.guest(alice, { device });
  const reply = await other.asks(create(session, newSecret(), { transaction: 'mine' }));
  assert.equal(reply, `Session ID ${session} already in use`);
  await unknown(other, resume(session, newSecret()));
});

test('of connections that resume at the same time each gets an epoch of its own', async () => {
  const { session, secret } = await call();
  const clients = await Promise.all([1, 2, 3].map(() => stage.guest(alice, { device })));
  for (const client of clients) client.send(resume(session, secret));
  const epochs = [];
  for (const _ of clients) epochs.push((await edge.receives('resume')).from.epoch);
  assert.deepEqual(epochs.toSorted(), [2, 3, 4]);
});

test('an incoming session is resumed with the secret that its answer brought', async () => {
  await stage.signedIn(alice, { device });
  const session = sessionId(randomUUID());
  const secret = newSecret();
  const answer = await edge.ring(aor(alice.address), session);
  assert.equal(answer.status, 'ringing');
  const [ringing] = answer.status === 'ringing' ? answer.devices : [];
  assert.ok(ringing);
  const next = await stage.guest(alice, { device });
  await unknown(next, resume(session, secret));
  const key = { aor: aor(alice.address), device: deviceId(device), session };
  await edge.report({ kind: 'bind', key, connection: ringing.connection, resume: secret });
  next.send(resume(session, secret));
  assert.equal((await edge.receives('resume')).from.epoch, 2);
});
