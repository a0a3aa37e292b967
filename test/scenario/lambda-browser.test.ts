import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { connectionId } from '@sylk/protocol/ids.ts';
import { maxFrameBytes } from '@sylk/protocol/limits.ts';
import { connectHandler } from '../../functions/src/adapters/lambda/connect.ts';
import { disconnectHandler } from '../../functions/src/adapters/lambda/disconnect.ts';
import type { WebSocketEvent } from '../../functions/src/adapters/lambda/events.ts';
import { followUpHandler } from '../../functions/src/adapters/lambda/follow-up.ts';
import { messageHandler } from '../../functions/src/adapters/lambda/message.ts';
import { networkOf } from '../../functions/src/adapters/local/network-address.ts';
import { originRule } from '../../functions/src/adapters/local/origins.ts';
import type { FollowUp } from '../../functions/src/ports/follow-ups.ts';
import type { Services } from '../../functions/src/signaling/services.ts';
import { alice, SignalingCore } from '../fakes/signaling-core.ts';

const connection = connectionId('browser=1');
const page = 'https://calls.example.org';
const inTime = { getRemainingTimeInMillis: () => 15_000 };

let core: SignalingCore;
let left: { readonly job: FollowUp; readonly delayS: number }[];

beforeEach(async () => {
  core = new SignalingCore({ isOrdered: false });
  left = [];
  await core.open();
});
afterEach(() => core.close());

const followUps = { leave: async (job: FollowUp, delayS: number) => void left.push({ job, delayS }) };

const connect = (headers: WebSocketEvent['headers'], connectionsPerAddress = 10) =>
  connectHandler({
    services: core.services,
    followUps,
    isOriginAllowed: originRule({ patterns: [page], names: [] }).isAllowed,
    networkOf,
    front: async () => undefined,
    connectionsPerAddress,
  })({
    headers,
    requestContext: { connectionId: connection, eventType: 'CONNECT', identity: { sourceIp: '198.51.100.7' } },
  });

const frame = (message: object | string, services: Services = core.services, context = inTime) =>
  messageHandler(services)(
    {
      body: typeof message === 'string' ? message : JSON.stringify(message),
      requestContext: { connectionId: connection, eventType: 'MESSAGE' },
    },
    context,
  );

const work = async () => {
  const jobs = left.splice(0).map(({ job }, index) => ({ messageId: `job-${index}`, body: JSON.stringify(job) }));
  return followUpHandler(core.services, followUps)({ Records: jobs });
};

const add = { sylkrtc: 'account-add', transaction: 't-1', account: alice, password: 'secret' };
const offered = { Origin: page, 'Sec-WebSocket-Protocol': 'other, sylkRTC-2' };

for (const [why, status, headers] of [
  ['offers no sub-protocol', 406, { Origin: page }],
  ['offers another sub-protocol', 406, { 'sec-websocket-protocol': 'sylkRTC-1', origin: page }],
  ['is of another page', 403, { ...offered, Origin: 'https://elsewhere.example' }],
] as const) {
  test(`a connection that ${why} gets ${status}`, async () => {
    assert.equal((await connect(headers)).statusCode, status);
    assert.deepEqual(left, []);
    assert.equal(await core.store.connections.find(connection, core.now), undefined);
  });
}

test('a network that opens too many connections gets 429', async () => {
  assert.equal((await connect(offered, 1)).statusCode, 200);
  assert.equal((await connect(offered, 1)).statusCode, 429);
});

test('without any edge a connection gets 503', async () => {
  const fresh = new SignalingCore();
  const lonely = { ...core.services, directory: fresh.services.directory };
  const options = { followUps, isOriginAllowed: () => true, networkOf, front: async () => undefined };
  const answer = await connectHandler({ ...options, services: lonely })({
    headers: offered,
    requestContext: { connectionId: connection, eventType: 'CONNECT' },
  });
  assert.equal(answer.statusCode, 503);
  fresh.close();
});

test('a connection opens with our sub-protocol, is recorded, and is greeted afterwards', async () => {
  const answer = await connect({ origin: page, 'SEC-WEBSOCKET-PROTOCOL': 'sylkRTC-2' });
  assert.deepEqual(answer, { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'sylkRTC-2' } });
  assert.equal((await core.store.connections.find(connection, core.now))?.network, '198.51.100.7');
  assert.equal(core.posted.length, 0);
  assert.deepEqual(await work(), { batchItemFailures: [] });
  assert.deepEqual(
    core.posted.map(({ message }) => message.sylkrtc),
    ['ready-event'],
  );
});

test('a connection that cannot be greeted yet is greeted later', async () => {
  await connect(offered);
  core.gone.add(connection);
  await work();
  assert.deepEqual(left, [{ job: { kind: 'ready', connection, attempt: 2 }, delayS: 2 }]);
  core.gone.delete(connection);
  await work();
  assert.equal(core.posted.length, 1);
});

test('a connection that can never be greeted is looked after as a closed one', async () => {
  await connect(offered);
  core.gone.add(connection);
  for (let attempt = 1; attempt <= 3; attempt += 1) await work();
  assert.deepEqual(left, []);
  assert.equal(await core.store.connections.find(connection, core.now), undefined);
});

test('a connection that went before its greeting needs none', async () => {
  await connect(offered);
  core.gone.add(connection);
  await disconnectHandler(core.services)({ requestContext: { connectionId: connection, eventType: 'DISCONNECT' } });
  await work();
  assert.deepEqual(left, []);
});

test('a client that is gone before its answer leaves nothing behind, and has to come anew', async () => {
  await connect(offered);
  await frame(add);
  core.gone.add(connection);
  await frame({ sylkrtc: 'account-register', transaction: 't-2', account: alice });
  assert.deepEqual(await core.store.devices.of(alice, core.now), []);
  assert.equal(await core.store.connections.find(connection, core.now), undefined);
  assert.deepEqual(core.closed, [connection]);
});

test('a job that is none fails by itself', async () => {
  const Records = [
    { messageId: 'bad', body: '{"kind":"dance"}' },
    { messageId: 'good', body: '{"kind":"watch-edges"}' },
    { messageId: 'worse', body: 'no json' },
  ];
  const { batchItemFailures } = await followUpHandler(core.services, followUps)({ Records });
  assert.deepEqual(batchItemFailures, [{ itemIdentifier: 'bad' }, { itemIdentifier: 'worse' }]);
});

test('a request is carried out before the run ends; the same event again changes nothing', async () => {
  await connect(offered);
  assert.deepEqual(await frame(add), { statusCode: 200 });
  assert.deepEqual(core.repliesTo('t-1'), ['ack']);
  await frame(add);
  assert.deepEqual(core.repliesTo('t-1'), ['ack', 'ack']);
  assert.equal((await core.store.connections.find(connection, core.now))?.accounts.length, 1);
});

test('what is no request is answered as everywhere, or not at all', async () => {
  await frame('no json');
  await frame({ sylkrtc: 'ping' });
  await frame('');
  assert.equal(core.posted.length, 0);
  await frame({ sylkrtc: 'account-add', transaction: 't-2' });
  await frame({ ...add, transaction: 't-3', password: 'x'.repeat(maxFrameBytes) });
  assert.equal(core.repliesTo('t-2').length, 1);
  assert.match(core.repliesTo('t-3')[0] ?? '', /^frame is 3\d{4} bytes long, at most 32768 are allowed$/);
});

test('a binary frame is ignored', async () => {
  const requestContext = { connectionId: connection, eventType: 'MESSAGE' } as const;
  const body = Buffer.from(JSON.stringify({ sylkrtc: 'ping', transaction: 't' })).toString('base64');
  await messageHandler(core.services)({ body, isBase64Encoded: true, requestContext }, inTime);
  assert.equal(core.posted.length, 0);
});

test('a request that takes too long gets an error in time, and nothing after it', async () => {
  await connect(offered);
  const { promise: stuck, resolve: release } = Promise.withResolvers<void>();
  const { connections } = core.services.store;
  const slow: Services = {
    ...core.services,
    store: {
      ...core.services.store,
      accounts: core.store.accounts,
      quotas: core.store.quotas,
      connections: {
        open: connections.open.bind(connections),
        find: async (...asked) => {
          await stuck;
          return connections.find(...asked);
        },
        addAccount: connections.addAccount.bind(connections),
        removeAccount: connections.removeAccount.bind(connections),
        distrust: connections.distrust.bind(connections),
        close: connections.close.bind(connections),
      },
    },
  };
  await frame(add, slow, { getRemainingTimeInMillis: () => 1_010 });
  assert.deepEqual(core.repliesTo('t-1'), ['The server took too long for account-add, try again']);
  release();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(core.repliesTo('t-1').length, 1);
});
