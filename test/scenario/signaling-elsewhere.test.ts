import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { reportResult } from '@sylk/protocol/edge/codec.ts';
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
