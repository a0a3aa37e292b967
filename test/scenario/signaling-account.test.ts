import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { maxAccountsPerConnection } from '@sylk/protocol/limits.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
let alice: Address;
before(async () => {
  stage = await SignalingStage.open({ SYLK_ADDRESSES_PER_HOUR: '1000' });
  alice = await stage.mint();
});
after(() => stage.close());

const add = ({ address, password }: Address, more: object = {}) => ({
  sylkrtc: 'account-add',
  account: address,
  password,
  ...more,
});
const register = (account: string) => ({ sylkrtc: 'account-register', account });
const state = (account: string, name: string, more: object = {}) => ({
  sylkrtc: 'account-event',
  account,
  event: 'registration-state',
  state: name,
  ...more,
});
const nameOf = ({ address }: Address) => address.split('@')[0] ?? '';

test('adding, registering, unregistering and removing an account', async () => {
  const client = await stage.client();
  assert.equal(await client.asks(add(alice)), 'ack');
  assert.equal(await client.asks(register(alice.address)), 'ack');
  assert.deepEqual(await client.next(), state(alice.address, 'registering'));
  assert.deepEqual(await client.next(), state(alice.address, 'registered'));
  assert.equal(await client.asks({ sylkrtc: 'account-unregister', account: alice.address }), 'ack');
  assert.deepEqual(await client.rest(), []);
  assert.equal(await client.asks({ sylkrtc: 'account-remove', account: alice.address }), 'ack');
  assert.deepEqual(await client.rest(), []);
  assert.equal(await client.asks(add(alice)), 'ack');
});

test('registering again reports both states again', async () => {
  const client = await stage.signedIn(alice);
  assert.equal(await client.asks(register(alice.address)), 'ack');
  assert.deepEqual(await client.next(), state(alice.address, 'registering'));
  assert.deepEqual(await client.next(), state(alice.address, 'registered'));
});

test('HA1 signs in, in either case of letters', async () => {
  const ha1 = createHash('md5')
    .update(`${nameOf(alice)}:sylk.test:${alice.password}`)
    .digest('hex');
  await stage.signedIn({ ...alice, password: ha1 });
  await stage.signedIn({ ...alice, password: ha1.toUpperCase() });
});

test('events carry the account as the client wrote it', async () => {
  const account = `${nameOf(alice).toUpperCase()}@LOCALHOST`;
  const client = await stage.client();
  assert.equal(await client.asks(add({ ...alice, address: `sip:${account}` })), 'ack');
  assert.equal(await client.asks(register(account)), 'ack');
  assert.deepEqual(await client.next(), state(account, 'registering'));
  assert.deepEqual(await client.next(), state(account, 'registered'));
});

test('an account is added once, under any of its names', async () => {
  const client = await stage.client();
  await client.asks(add(alice));
  assert.equal(await client.asks(add(alice)), `Account ${alice.address} already added`);
  const alias = `${nameOf(alice)}@localhost`;
  assert.equal(await client.asks(add({ ...alice, address: alias })), `Account ${alias} already added`);
});

test('the same request again is acknowledged again', async () => {
  const client = await stage.client();
  const requests = [
    add(alice, { transaction: 'a' }),
    { sylkrtc: 'account-unregister', account: alice.address, transaction: 'b' },
    { sylkrtc: 'account-remove', account: alice.address, transaction: 'c' },
  ];
  for (const request of requests.flatMap((each) => [each, each])) assert.equal(await client.asks(request), 'ack');
});

test('accounts of other domains are refused', async () => {
  const closed = await SignalingStage.open({ SYLK_FOREIGN_ACCOUNTS: 'provider.test' });
  const client = await closed.client();
  const refused = await client.asks(add({ address: 'alice@Example.org', password: 'x' }));
  assert.equal(refused, 'SIP domain not allowed: example.org');
  await closed.close();
});

test('a wrong password is acknowledged and fails at registration, as does an unknown address', async () => {
  for (const wrong of [
    { ...alice, password: 'wrong' },
    { address: 'nobody@sylk.test', password: 'wrong' },
  ]) {
    const client = await stage.client();
    assert.equal(await client.asks(add(wrong)), 'ack');
    assert.equal(await client.asks(register(wrong.address)), 'ack');
    assert.deepEqual(await client.next(), state(wrong.address, 'registering'));
    const reason = '904 Authentication failed';
    assert.deepEqual(await client.next(), state(wrong.address, 'failed', { reason }));
  }
});

for (const [request, text] of [
  ['account-remove', ' for remove'],
  ['account-register', ' for register'],
  ['account-unregister', ' for unregister'],
] as const) {
  test(`${request} of an account never added is refused`, async () => {
    const client = await stage.client();
    const account = 'stranger@example.org';
    assert.equal(await client.asks({ sylkrtc: request, account }), `Unknown account specified${text}: ${account}`);
    const refused = await client.asks({ sylkrtc: request, account: `sip:${alice.address}` });
    assert.equal(refused, `Unknown account specified${text}: ${alice.address}`);
  });
}

test('validation comes in the order and words of the reference', async () => {
  const client = await stage.client();
  const account = alice.address;
  for (const [request, error] of [
    [{}, "Mandatory property 'account' of 'AccountAddRequest' object is missing"],
    [{ account: 7 }, "Invalid value for 'account' property: 7"],
    [{ account: null }, "Invalid value for 'account' property: None"],
    [{ account: 'a b' }, 'invalid SIP URI: a b'],
    [{ account }, "Mandatory property 'password' of 'AccountAddRequest' object is missing"],
    [{ account, password: '' }, "the value's length must be between 1 and 9999 inclusive"],
    [{ account, password: 'x'.repeat(10_000) }, "the value's length must be between 1 and 9999 inclusive"],
    [{ account, password: 'x', display_name: false }, "Invalid value for 'display_name' property: False"],
  ] as const) {
    assert.equal(await client.asks({ sylkrtc: 'account-add', ...request }), error);
  }
});

test('optional fields may be null, unknown ones are ignored', async () => {
  const client = await stage.client();
  const more = { display_name: null, user_agent: null, incoming_header_prefixes: null, device: null, colour: 'red' };
  assert.equal(await client.asks(add(alice, more)), 'ack');
});

test('a connection takes so many accounts and no more', async () => {
  const client = await stage.client();
  for (let count = 0; count < maxAccountsPerConnection; count += 1) {
    assert.equal(await client.asks(add({ address: `user${count}@sylk.test`, password: 'x' })), 'ack');
  }
  assert.match(await client.asks(add(alice)), /^Too many accounts on this connection, at most 8/);
});

test('guessing passwords is stopped', async () => {
  const target = await stage.mint();
  const client = await stage.client();
  const replies = new Set<string>();
  for (let count = 0; count < 31; count += 1) {
    replies.add((await client.asks(add({ ...target, password: `guess ${count}` }))).replace(/\d+ s/, 'n s'));
    await client.asks({ sylkrtc: 'account-remove', account: target.address });
  }
  assert.deepEqual([...replies], ['ack', 'Too many sign-ins, try again in n s']);
});

test('an address that is removed is signed out everywhere and cannot sign in again', async () => {
  const gone = await stage.mint();
  const client = await stage.signedIn(gone);
  const authorization = `Basic ${Buffer.from(`${gone.address}:${gone.password}`).toString('base64')}`;
  const url = `${stage.origin}/api/addresses/${gone.address}`;
  assert.equal((await fetch(url, { method: 'DELETE', headers: { authorization } })).status, 204);
  assert.deepEqual(await client.next(), state(gone.address, 'failed', { reason: '410 Gone' }));
  assert.equal(await client.asks(register(gone.address)), 'ack');
  await client.next();
  assert.equal((await client.next()).reason, '904 Authentication failed');
});
