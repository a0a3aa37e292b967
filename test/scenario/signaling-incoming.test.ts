import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import { aor, connectionId, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { FakeEdge } from '../fakes/fake-edge.ts';
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

const newSession = () => sessionId(randomUUID());
const keyOf = ({ aor, device }: Attachment, session: ReturnType<typeof newSession>) => ({ aor, device, session });
const originator = { uri: 'carol@example.org', display_name: 'Carol' };

/** Rings and expects devices. */
const ringDevices = async (session = newSession()): Promise<readonly Attachment[]> => {
  const answer = await edge.ring(aor(alice.address), session);
  assert.equal(answer.status, 'ringing');
  return answer.status === 'ringing' ? answer.devices : [];
};

test('all registered devices ring, with what the edge must know of each', async () => {
  await stage.signedIn(alice, { device: 'laptop-01', display_name: 'Alice', incoming_header_prefixes: ['X-'] });
  await stage.signedIn(alice);
  await stage.guest(alice);
  const [laptop, phone, ...rest] = await ringDevices();
  assert.deepEqual(rest, []);
  assert.deepEqual(
    { ...laptop, connection: '' },
    { connection: '', device: 'laptop-01', aor: alice.address, displayName: 'Alice', epoch: 1, headerPrefixes: ['X-'] },
  );
  assert.equal(phone?.device, phone?.connection);
});

test('an alias of the domain reaches the same devices, under the name that each client uses', async () => {
  const alias = alice.address.replace('sylk.test', 'localhost');
  await stage.signedIn({ ...alice, address: alias });
  const answer = await edge.ring(aor(alias.toUpperCase()), newSession());
  assert.equal(answer.status, 'ringing');
  if (answer.status === 'ringing') assert.equal(answer.devices[0]?.account, alias);
});

test('nobody there: unknown, away, expired, blocked', async () => {
  assert.deepEqual(await edge.ring(aor('nobody@sylk.test'), newSession()), { status: 'unknown' });
  assert.deepEqual(await edge.ring(aor('alice@example.org'), newSession()), { status: 'unknown' });
  assert.deepEqual(await edge.ring(aor(alice.address), newSession()), { status: 'away' });
  await stage.operator('POST', `/addresses/${alice.address}/block`);
  assert.deepEqual(await edge.ring(aor(alice.address), newSession()), { status: 'blocked' });
  await stage.operator('POST', `/addresses/${alice.address}/unblock`);
  await stage.expire(alice.address);
  assert.deepEqual(await edge.ring(aor(alice.address), newSession()), { status: 'expired' });
  await stage.operator('POST', `/addresses/${alice.address}/revoke`);
  assert.deepEqual(await edge.ring(aor(alice.address), newSession()), { status: 'unknown' });
});

test('a device that unregistered, or whose connection is lost, rings no longer', async () => {
  const client = await stage.signedIn(alice);
  const other = await stage.signedIn(alice);
  await client.asks({ sylkrtc: 'account-unregister', account: alice.address });
  assert.equal((await ringDevices()).length, 1);
  other.lose();
  await stage.until(async () => (await edge.ring(aor(alice.address), newSession())).status === 'away');
});

test('a report that is repeated gets the same answer', async () => {
  await stage.signedIn(alice);
  const session = newSession();
  const first = await edge.ring(aor(alice.address), session, 'report-1');
  await stage.signedIn(alice);
  await edge.receives('device-ready');
  assert.deepEqual(await edge.ring(aor(alice.address), session, 'report-1'), first);
});

test('a ringing device may speak about the session; once its edge has told the others, the one that answered alone', async () => {
  const one = await stage.signedIn(alice);
  const other = await stage.signedIn(alice);
  const session = newSession();
  const [first, second] = await ringDevices(session);
  one.send({ sylkrtc: 'session-ringing', session });
  other.send({ sylkrtc: 'session-ringing', session });
  assert.ok(first && second);
  const commands = [await edge.receives('request'), await edge.receives('request')];
  assert.notEqual(commands[0]?.from.connection, commands[1]?.from.connection);
  await edge.report({ kind: 'bind', key: keyOf(first, session), connection: first.connection });
  await edge.report({ kind: 'ended', keys: [keyOf(second, session)] });
  assert.equal(await other.asks({ sylkrtc: 'session-terminate', session }), `Unknown session ${session}`);
  one.send({ sylkrtc: 'session-terminate', session });
  assert.equal((await edge.receives('request')).from.connection, first.connection);
});

test('the same call may ring again after it ended', async () => {
  await stage.signedIn(alice);
  const session = newSession();
  const [device] = await ringDevices(session);
  assert.ok(device);
  await edge.report({ kind: 'ended', keys: [keyOf(device, session)] });
  assert.equal((await ringDevices(session)).length, 1);
});

test('a device that signs in while it rings is told to the edge, once', async () => {
  await stage.signedIn(alice);
  const session = newSession();
  await ringDevices(session);
  const late = await stage.signedIn(alice, { device: 'late-device' });
  const command = await edge.receives('device-ready');
  assert.equal(command.session, session);
  assert.equal(command.to.device, 'late-device');
  await late.asks({ sylkrtc: 'account-register', account: alice.address });
  await late.rest();
  assert.deepEqual(edge.unread('device-ready'), []);
  late.send({ sylkrtc: 'session-answer', session, sdp: 'v=0' });
  assert.deepEqual((await edge.receives('request')).from, command.to);
});

test('a ringing device that comes back on a new connection is told with a higher epoch', async () => {
  const first = await stage.signedIn(alice, { device: 'my-laptop' });
  const session = newSession();
  await ringDevices(session);
  first.lose();
  const second = await stage.signedIn(alice, { device: 'my-laptop' });
  const { to } = await edge.receives('device-ready');
  assert.equal(to.epoch, 2);
  second.send({ sylkrtc: 'session-answer', session, sdp: 'v=0' });
  assert.equal((await edge.receives('request')).from.epoch, 2);
});

test('a call that was answered does not ring at a device that signs in later', async () => {
  await stage.signedIn(alice);
  const session = newSession();
  const [device] = await ringDevices(session);
  assert.ok(device);
  await edge.report({ kind: 'bind', key: keyOf(device, session), connection: device.connection });
  await stage.signedIn(alice);
  assert.deepEqual(edge.unread('device-ready'), []);
});

test('a missed call is told to all devices at once, and to those away at their next sign-in, once', async () => {
  const here = await stage.signedIn(alice, { device: 'here-here' });
  await stage.signedIn(alice, { device: 'away-away' }).then((client) => client.lose());
  await stage.until(async () => (await ringDevices()).length === 1);
  const report = { kind: 'missed', aor: aor(alice.address), originator, at: Date.now() } as const;
  await edge.report(report, 'missed-1');
  await edge.report(report, 'missed-1');
  const event = { sylkrtc: 'account-event', account: alice.address, event: 'missed-session', originator };
  assert.deepEqual(await here.next(), event);
  assert.deepEqual(await here.rest(), []);
  const back = await stage.signedIn(alice, { device: 'away-away' });
  assert.deepEqual(await back.next(), { ...event, timestamp: new Date(report.at).toISOString() });
  await back.asks({ sylkrtc: 'account-register', account: alice.address });
  assert.deepEqual(
    (await back.rest()).map(({ state }) => state),
    ['registering', 'registered'],
  );
  const newcomer = await stage.signedIn(alice, { device: 'new-device' });
  assert.deepEqual(await newcomer.rest(), []);
});

test('missed calls while nobody was there are told in their order to whoever comes first', async () => {
  for (const at of [1, 2, 3]) {
    await edge.report({ kind: 'missed', aor: aor(alice.address), originator, at: Date.now() - 10_000 + at });
  }
  const first = await stage.signedIn(alice);
  const told = await first.rest();
  assert.equal(told.length, 3);
  assert.deepEqual(
    told.map(({ timestamp }) => timestamp),
    told.map(({ timestamp }) => timestamp).toSorted(),
  );
  assert.deepEqual(await (await stage.signedIn(alice)).rest(), []);
});

test('a frame for a connection that is gone is reported so', async () => {
  const nobody = connectionId('nobody');
  assert.equal(await edge.post(nobody, { sylkrtc: 'ack', transaction: 't' }), true);
  const stray = { aor: aor(alice.address), device: deviceId('x'), session: newSession() };
  await edge.report({ kind: 'ended', keys: [stray] });
});
