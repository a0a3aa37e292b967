import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { maxMessageBytes } from '@sylk/protocol/limits.ts';
import { RawClient, type RawClientOptions } from '../fakes/raw-client.ts';
import { SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
before(async () => {
  stage = await SignalingStage.open();
});
after(() => stage.close());

/** Status and text with which a handshake is refused. */
const refusal = async (options: Partial<RawClientOptions>): Promise<string> => {
  try {
    await RawClient.open({ port: stage.port, ...options });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'not refused';
};

test('the sub-protocol is selected and one ready-event comes first', async () => {
  const client = await RawClient.open({ port: stage.port });
  assert.equal(client.protocol, 'sylkRTC-2');
  assert.deepEqual(await client.next(), { sylkrtc: 'ready-event', domain: 'sylk.test', version: '0.1.0' });
  assert.deepEqual(await client.rest(), []);
  client.close();
});

test('the sub-protocol is found among others', async () => {
  const client = await stage.client({ protocols: ['chat', 'sylkRTC-2'] });
  assert.equal(await client.asks({ sylkrtc: 'ping' }), 'ack');
});

test('a missing or other sub-protocol is refused with 406', async () => {
  assert.equal(await refusal({ protocols: [] }), '406 No compatible protocol specified');
  assert.equal(await refusal({ protocols: ['sylkRTC-1'] }), '406 No compatible protocol specified');
});

test('a foreign origin is refused with 400, the own one is not', async () => {
  assert.match(await refusal({ headers: { origin: 'https://evil.example' } }), /^400 /);
  await stage.client({ headers: { origin: `http://127.0.0.1:${stage.port}` } });
});

test('another path is refused with 404', async () => {
  assert.match(await refusal({ path: '/ws' }), /^404 /);
});

test('a request that comes before the ready event is answered after it', async () => {
  const client = await RawClient.open({ port: stage.port });
  client.send({ sylkrtc: 'ping', transaction: 'early' });
  assert.equal((await client.next()).sylkrtc, 'ready-event');
  assert.deepEqual(await client.next(), { sylkrtc: 'ack', transaction: 'early' });
  client.close();
});

for (const [what, frame] of [
  ['a binary frame', Buffer.from('{"sylkrtc":"ping","transaction":"x"}')],
  ['text that is not JSON', 'hello'],
  ['an object without sylkrtc', '{"transaction":"x"}'],
  ['an unknown request', '{"sylkrtc":"make-tea","transaction":"x"}'],
  ['a value that is no object', '[1]'],
  ['a request without transaction', '{"sylkrtc":"ping"}'],
  ['a transaction that is no string', '{"sylkrtc":"ping","transaction":7}'],
] as const) {
  test(`${what} is ignored and the connection stays open`, async () => {
    const client = await stage.client();
    client.send(frame);
    assert.deepEqual(await client.rest(), []);
  });
}

test('requests are answered in their order, wrong ones at once', async () => {
  const client = await stage.client();
  const tags = ['a', 'b', 'c'];
  for (const transaction of tags) client.send({ sylkrtc: 'ping', transaction });
  client.send({ sylkrtc: 'account-add', transaction: 'wrong' });
  const replies = [await client.next(), await client.next(), await client.next(), await client.next()];
  const answered = replies.map((reply) => reply.transaction);
  assert.deepEqual(
    answered.filter((transaction) => transaction !== 'wrong'),
    tags,
  );
  const wrong = replies.find((reply) => reply.transaction === 'wrong');
  assert.equal(wrong?.error, "Mandatory property 'account' of 'AccountAddRequest' object is missing");
});

test('a frame beyond the limit closes with 1009', async () => {
  const client = await stage.client();
  client.send(' '.repeat(maxMessageBytes + 1));
  assert.equal((await client.closed).code, 1009);
});

test('too many requests waiting close with 1008', async () => {
  const client = await stage.client();
  for (let count = 0; count < 3_000; count += 1) client.send({ sylkrtc: 'account-register', account: 'a@sylk.test' });
  assert.equal((await client.closed).code, 1008);
});

test('too many connections from one address are refused with 429', async () => {
  const small = await SignalingStage.open({ SYLK_CONNECTIONS_PER_ADDRESS: '2' });
  const first = await small.client();
  await small.client();
  await assert.rejects(RawClient.open({ port: small.port }), /^Error: 429 /);
  first.close();
  await first.closed;
  await small.client();
  await assert.rejects(RawClient.open({ port: small.port }), /^Error: 429 /);
  const elsewhere = { 'x-forwarded-for': '203.0.113.9' };
  await small.client({ headers: elsewhere });
  await small.close();
});

test('a connection that is too old is closed with 1001', async () => {
  const short = await SignalingStage.open({}, { maxAgeMs: 100 });
  const client = await short.client();
  assert.deepEqual(await client.closed, { code: 1001, reason: 'connection is too old' });
  await short.close();
});

test('families that are not built yet say so', async () => {
  const client = await stage.client();
  const account = 'alice@sylk.test';
  const requests = [
    { sylkrtc: 'account-devicetoken', account, token: 'x', platform: 'ios', device: 'd', silent: false, app: 'a' },
    { sylkrtc: 'account-fetch-addressbook', account },
    { sylkrtc: 'videoroom-leave', session: 's' },
  ];
  for (const request of requests) {
    assert.equal(await client.asks(request), `${request.sylkrtc} is not available on this server`);
  }
  assert.match(await client.asks({ sylkrtc: 'videoroom-leave' }), /^Mandatory property 'session'/);
});
