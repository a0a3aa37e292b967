import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { sessionId } from '@sylk/protocol/ids.ts';
import type { FakeEdge } from '../fakes/fake-edge.ts';
import type { RawClient } from '../fakes/raw-client.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
let edge: FakeEdge;
let alice: Address;
before(async () => {
  stage = await SignalingStage.open({ SYLK_ADDRESSES_PER_HOUR: '1000', SYLK_CALLS_PER_MINUTE: '1000' });
  edge = await stage.edge();
});
beforeEach(async () => {
  alice = await stage.mint();
});
after(() => stage.close());

const create = (session: string, more: object = {}) => ({
  sylkrtc: 'session-create',
  session,
  account: alice.address,
  uri: 'bob@example.org',
  sdp: 'v=0',
  ...more,
});

/** A call that its edge has acknowledged. */
const establish = async (client: RawClient, more: object = {}) => {
  const session = randomUUID();
  const transaction = client.send(create(session, more));
  const command = await edge.receives('request');
  await edge.acknowledge(command);
  assert.deepEqual(await client.next(), { sylkrtc: 'ack', transaction });
  return { session, from: command.from };
};

test('session-create goes to the edge, which answers', async () => {
  const client = await stage.guest(alice, { display_name: 'Alice', incoming_header_prefixes: ['X-', 'X-'] });
  const session = randomUUID();
  const transaction = client.send(create(session, { headers: [{ name: 'X-A', value: '1' }] }));
  const command = await edge.receives('request');
  assert.equal(command.request.transaction, transaction);
  assert.equal(command.request.sylkrtc, 'session-create');
  const { connection, ...from } = command.from;
  const expected = { aor: alice.address, device: connection, displayName: 'Alice', epoch: 1, headerPrefixes: ['X-'] };
  assert.deepEqual(from, expected);
  await edge.acknowledge(command);
  await edge.post(connection, { sylkrtc: 'session-event', session, event: 'state', state: 'progress' });
  assert.deepEqual(await client.next(), { sylkrtc: 'ack', transaction });
  assert.equal((await client.next()).state, 'progress');
});

test('an account that is only added may call, one that is not verified may not', async () => {
  const client = await stage.client();
  const session = randomUUID();
  assert.equal(await client.asks(create(session)), `Unknown account specified: ${alice.address}`);
  await client.asks({ sylkrtc: 'account-add', account: alice.address, password: 'wrong' });
  assert.equal(await client.asks(create(session)), 'Account not authenticated');
  await establish(await stage.guest(alice));
});

test('a session id in use on the connection is refused first of all', async () => {
  const client = await stage.guest(alice);
  const { session } = await establish(client);
  const again = await client.asks(create(session, { account: 'nobody@example.org' }));
  assert.equal(again, `Session ID ${session} already in use`);
});

test('the same session id on two connections is two sessions', async () => {
  const [one, other] = [await stage.guest(alice), await stage.guest(alice)];
  one.send(create('same-id'));
  const first = await edge.receives('request');
  other.send(create('same-id'));
  const second = await edge.receives('request');
  assert.notEqual(first.from.device, second.from.device);
});

test('the same request again reaches the same edge and claims nothing anew', async () => {
  const client = await stage.guest(alice);
  const session = randomUUID();
  client.send(create(session, { transaction: 'again' }));
  const first = await edge.receives('request');
  client.send(create(session, { transaction: 'again' }));
  const second = await edge.receives('request');
  assert.deepEqual(second.from, first.from);
});

const others = {
  'session-answer': { sdp: 'v=0' },
  'session-trickle': { candidates: [] },
  'session-terminate': {},
  'session-update': { sdp: 'v=0' },
  'session-message': { message_id: 'm', content: 'c', content_type: 'text/plain', timestamp: 't' },
  'session-dtmf-info': { digit: '5' },
  'session-ack': { seq: 1 },
  'session-ringing': {},
};

for (const [sylkrtc, fields] of Object.entries(others)) {
  test(`${sylkrtc} of an unknown session is refused, of an own one goes to its edge`, async () => {
    const client = await stage.guest(alice);
    assert.equal(await client.asks({ sylkrtc, session: 'nope', ...fields }), 'Unknown session nope');
    const { session, from } = await establish(client);
    client.send({ sylkrtc, session, ...fields });
    const command = await edge.receives('request');
    assert.equal(command.request.sylkrtc, sylkrtc);
    assert.deepEqual(command.from, from);
  });

  test(`${sylkrtc} of somebody else's session is refused as unknown`, async () => {
    const { session } = await establish(await stage.guest(alice));
    const mallory = await stage.guest(await stage.mint());
    assert.equal(await mallory.asks({ sylkrtc, session, ...fields }), `Unknown session ${session}`);
    const otherTab = await stage.guest(alice);
    assert.equal(await otherTab.asks({ sylkrtc, session, ...fields }), `Unknown session ${session}`);
    assert.deepEqual(edge.unread('request'), []);
  });
}

test('requests of one connection reach the edge in their order', async () => {
  const client = await stage.guest(alice);
  const session = randomUUID();
  client.send(create(session, { transaction: 'n0' }));
  for (let count = 1; count < 30; count += 1) {
    client.send({ sylkrtc: 'session-trickle', session, candidates: [], transaction: `n${count}` });
  }
  for (let count = 0; count < 30; count += 1) {
    assert.equal((await edge.receives('request')).request.transaction, `n${count}`);
  }
});

test('an ended session is unknown, its id is free, its late repetition changes nothing', async () => {
  const client = await stage.guest(alice);
  const session = randomUUID();
  client.send(create(session, { transaction: 'first' }));
  const { from } = await edge.receives('request');
  await edge.report({ kind: 'ended', keys: [{ aor: from.aor, device: from.device, session: sessionId(session) }] });
  assert.equal(await client.asks({ sylkrtc: 'session-terminate', session }), `Unknown session ${session}`);
  assert.equal(await client.asks(create(session, { transaction: 'first' })), `Session ${session} is terminated`);
  client.send(create(session, { transaction: 'second' }));
  assert.equal((await edge.receives('request')).request.transaction, 'second');
});

test('an account may start so many calls a minute and no more', async () => {
  const strict = await SignalingStage.open({ SYLK_CALLS_PER_MINUTE: '1' });
  await strict.edge();
  const account = await strict.mint();
  const client = await strict.guest(account);
  client.send(create(randomUUID(), { account: account.address }));
  assert.match(
    await client.asks(create(randomUUID(), { account: account.address })),
    /^Too many calls, try again in \d+ s$/,
  );
  await strict.close();
});

test('without an edge a call is refused in words', async () => {
  const lonely = await SignalingStage.open();
  const account = await lonely.mint();
  const client = await lonely.guest(account);
  const reply = await client.asks(create(randomUUID(), { account: account.address }));
  assert.equal(reply, 'No media server is available, try again later');
  await lonely.close();
});

test('an edge that refuses a command leaves the answer to signaling, and the id free', async () => {
  const client = await stage.guest(alice);
  const session = randomUUID();
  edge.answer = ({ id }) => ({ kind: 'done', id, ok: false, error: 'draining' });
  const reply = await client.asks(create(session));
  edge.answer = ({ id }) => ({ kind: 'done', id, ok: true });
  assert.equal(reply, 'The media server does not answer to session-create, try again');
  await edge.receives('request');
  assert.equal(await client.asks({ sylkrtc: 'session-terminate', session }), `Unknown session ${session}`);
});

test('a lost connection is told to the edge of its sessions', async () => {
  const client = await stage.guest(alice);
  const { from } = await establish(client);
  client.lose();
  assert.equal((await edge.receives('connection-lost')).connection, from.connection);
});
