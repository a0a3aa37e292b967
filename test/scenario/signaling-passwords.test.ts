import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { wrongPasswordsPerNetwork } from '@sylk/protocol/limits.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
let alice: Address;
before(async () => {
  stage = await SignalingStage.open();
  alice = await stage.mint();
});
after(() => stage.close());

/** Asks by HTTP as a proxy on this machine does for a client at `from`. */
const asks = async (from: string, { address, password }: Address): Promise<number> => {
  const authorization = `Basic ${Buffer.from(`${address}:${password}`).toString('base64')}`;
  const headers = { authorization, 'x-forwarded-for': from };
  return (await fetch(`${stage.origin}/api/calls/none`, { headers })).status;
};

test('one guess at each of many accounts is stopped for the whole network, and for nobody else', async () => {
  const guess = (count: number) => ({ address: `user${count}@sylk.test`, password: 'summer2026' });
  for (let count = 0; count < wrongPasswordsPerNetwork; count += 1) {
    assert.equal(await asks(`2001:db8:5:6::${count.toString(16)}`, guess(count)), 401);
  }
  assert.equal(await asks('2001:db8:5:6:ffff::1', alice), 429);
  assert.equal(await asks('2001:db8:5:7::1', alice), 404);
});

test('guesses over a WebSocket and by HTTP count together', async () => {
  const client = await stage.client();
  for (let count = 0; count < wrongPasswordsPerNetwork; count += 1) {
    const account = `user${count}@sylk.test`;
    assert.equal(await client.asks({ sylkrtc: 'account-add', account, password: 'summer2026' }), 'ack');
    await client.asks({ sylkrtc: 'account-remove', account });
  }
  const account = alice.address;
  const reply = await client.asks({ sylkrtc: 'account-add', account, password: alice.password });
  assert.match(reply, /^Too many sign-ins/);
  const authorization = `Basic ${Buffer.from(`${account}:${alice.password}`).toString('base64')}`;
  assert.equal((await fetch(`${stage.origin}/api/calls/none`, { headers: { authorization } })).status, 429);
});
