import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { reportResult } from '@sylk/protocol/edge/codec.ts';
import { aor, sessionId } from '@sylk/protocol/ids.ts';
import { isJsonObject } from '@sylk/protocol/json.ts';
import type { FakeEdge } from '../fakes/fake-edge.ts';
import type { RawClient } from '../fakes/raw-client.ts';
import { SignalingStage } from './signaling-stage.ts';

const address = 'alice@provider.test';
let stage: SignalingStage;
let edge: FakeEdge;
beforeEach(async () => {
  stage = await SignalingStage.open({ SYLK_FOREIGN_ACCOUNTS: 'provider.test=sip:proxy.provider.test' });
  edge = await stage.edge();
});
afterEach(() => stage.close());

const isTold = async (client: RawClient, state: string): Promise<void> => {
  for (;;) {
    const frame = await client.next();
    if (frame.event === 'registration-state' && frame.state === state) return;
  }
};

/** Signs a device in, up to the order to the edge. */
const signIn = async (password = 'secret'): Promise<{ client: RawClient; order: Order }> => {
  const client = await stage.client();
  assert.equal(await client.asks({ sylkrtc: 'account-add', account: address, password }), 'ack');
  client.send({ sylkrtc: 'account-register', account: address });
  return { client, order: await edge.receives('register-elsewhere') };
};

type Order = Awaited<ReturnType<typeof orderOf>>;
const orderOf = (at: FakeEdge) => at.receives('register-elsewhere');

const tell = (
  at: FakeEdge,
  { account: { aor, credentials } }: Order,
  outcome: 'registered' | '904 Authentication failed',
) =>
  at.report({
    ...{ kind: 'elsewhere', edge: at.edge, generation: at.generation, aor, credentials },
    outcome: outcome === 'registered' ? { state: 'registered' } : { state: 'failed', reason: outcome },
  });

const wanted = async (order: Order): Promise<boolean> =>
  reportResult('elsewhere', await tell(edge, order, 'registered')).wanted;

test('an edge is ordered to register, with the digests and the proxy, and its word reaches the page', async () => {
  const { client, order } = await signIn();
  assert.equal(order.account.proxy, 'sip:proxy.provider.test');
  assert.deepEqual(
    order.account.keys.map(({ realm, algorithm }) => [realm, algorithm]),
    [
      ['provider.test', 'MD5'],
      ['provider.test', 'SHA-256'],
    ],
  );
  assert.match(order.account.contact, /^u[\da-f]{32}$/);
  assert.deepEqual(await tell(edge, order, 'registered'), { wanted: true, moved: false });
  await isTold(client, 'registered');
});

test('an account that nobody is signed in with any more is let go at its next refresh', async () => {
  const { client, order } = await signIn();
  await tell(edge, order, 'registered');
  await isTold(client, 'registered');
  client.close();
  // Signaling hears of the end in its own time.
  for (let tries = 0; tries < 100; tries++) {
    if (!(await wanted(order))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('the account is still wanted');
});

test('an edge that drains hands its accounts on, and is told that they have moved', async () => {
  const { client, order } = await signIn();
  await tell(edge, order, 'registered');
  await isTold(client, 'registered');
  const other = await stage.edge({ edge: 'edge-2' });
  await edge.renew({ calls: 0, cpu: 0, draining: true });
  const again = await orderOf(other);
  assert.deepEqual(again.account, order.account);
  const released = await edge.receives('unregister-elsewhere');
  assert.deepEqual([released.aor, released.moved], [address, true]);
  assert.deepEqual(await tell(edge, order, 'registered'), { wanted: false, moved: true });
  assert.deepEqual(await tell(other, again, 'registered'), { wanted: true, moved: false });
});

test('an edge that is lost has its accounts registered by another, without a page', async () => {
  const { client, order } = await signIn();
  await tell(edge, order, 'registered');
  await isTold(client, 'registered');
  const other = await stage.edge({ edge: 'edge-2' });
  edge.vanish();
  const again = await orderOf(other);
  assert.deepEqual(again.account, order.account);
});

const history = async (client: RawClient): Promise<readonly unknown[]> => {
  assert.equal(await client.asks({ sylkrtc: 'account-sync-conversations', account: address }), 'ack');
  const { messages } = await client.next();
  assert.ok(Array.isArray(messages));
  return messages.map((one) => isJsonObject(one) && [one.direction, one.contact, one.content, one.state]);
};

const written = (content: string) =>
  ({
    ...({ kind: 'page', edge: edge.edge, generation: edge.generation, to: aor(address) } as const),
    from: { uri: 'Bob@Phones.example', display_name: 'Bob' },
    page: {
      kind: 'message',
      message: content,
      contentType: 'text/plain',
      content,
      wantsDelivery: true,
      wantsDisplay: true,
    },
  }) as const;

test('a text by the registration is kept and told to whom the provider knows, from its edge only', async () => {
  const { client, order } = await signIn();
  const { credentials } = order.account;
  await tell(edge, order, 'registered');
  await isTold(client, 'registered');
  const { client: liar, order: trial } = await signIn('wrong');
  await tell(edge, trial, '904 Authentication failed');
  await isTold(liar, 'failed');
  const other = await stage.edge({ edge: 'edge-2' });
  const claims = [
    await edge.report(written('by nobody')),
    await other.report({
      ...written('by another'),
      edge: other.edge,
      generation: other.generation,
      credentials,
    }),
  ];
  for (const claim of claims) assert.deepEqual(reportResult('page', claim), { status: 'unknown' });
  const told = await edge.report({ ...written('Hello'), credentials });
  assert.deepEqual(reportResult('page', told), { status: 'stored' });
  const event = await client.next();
  assert.deepEqual([event.event, event.content], ['message', 'Hello']);
  assert.deepEqual(await history(client), [['incoming', 'bob@phones.example', 'Hello', 'received']]);
  assert.deepEqual(await liar.rest(), []);
  assert.equal(
    await liar.asks({ sylkrtc: 'account-sync-conversations', account: address }),
    'Account not authenticated',
  );
});

test('a call by the registration rings as soon as the edge has it, and only whom the provider knows', async () => {
  const { client, order } = await signIn();
  const { credentials } = order.account;
  const originator = { uri: 'bob@phones.example', display_name: 'Bob' };
  const call = { kind: 'ring', aor: aor(address), originator, credentials } as const;
  const ring = async (
    name: string,
    { edge: at, generation }: Pick<FakeEdge, 'edge' | 'generation'> = edge,
    proof: string | undefined = credentials,
  ) => {
    const report = { ...call, edge: at, generation, session: sessionId(name), credentials: proof };
    return reportResult('ring', await edge.report(report));
  };
  const answer = await ring('c1');
  assert.equal(answer.status === 'ringing' && answer.devices.length, 1);
  assert.deepEqual(await ring('c2', edge, 'others'), { status: 'away' });
  assert.deepEqual(await ring('c3', { edge: edge.edge, generation: edge.generation - 1 }), { status: 'unknown' });
  await tell(edge, order, 'registered');
  await isTold(client, 'registered');
  assert.equal((await ring('c4')).status, 'ringing');
});

test('a text of an account elsewhere leaves by its edge, and its receipt comes back by the registration', async () => {
  const { client, order } = await signIn();
  await tell(edge, order, 'registered');
  await isTold(client, 'registered');
  await stage.edge({ edge: 'edge-2' });
  const text = { sylkrtc: 'account-message', account: address, uri: 'Bob@phones.example', content: 'Hi' };
  const more = { message_id: 'm1', content_type: 'text/plain', timestamp: '2026-01-31T12:00:00.000Z' };
  assert.equal(await client.asks({ ...text, ...more }), 'ack');
  const { from, to } = await edge.receives('page');
  assert.deepEqual([from.aor, to], [address, 'bob@phones.example']);
  await edge.report({ kind: 'page-sent', aor: from.aor, to, message: 'm1', code: 200, reason: 'OK' });
  assert.equal((await client.next()).state, 'accepted');
  const page = { kind: 'disposition', message: 'm1', state: 'displayed' } as const;
  await edge.report({ ...written('x'), page, credentials: order.account.credentials });
  assert.equal((await client.next()).state, 'displayed');
  const note = { ...text, ...more, uri: address, message_id: 'm2', content: 'milk' };
  assert.equal(await client.asks(note), 'ack');
  const entries = await history(client);
  assert.deepEqual(entries[0], ['outgoing', 'bob@phones.example', 'Hi', 'displayed']);
  assert.deepEqual(entries.at(-1), ['outgoing', address, 'milk', 'accepted']);
});
