import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EdgeReport } from '@sylk/protocol/edge/reports.ts';
import { aor, type ConnectionId, connectionId, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';
import { DynamoDbStore } from '../../functions/src/adapters/aws/dynamodb-store.ts';
import { nodeCrypto } from '../../functions/src/adapters/local/node-crypto.ts';
import type { Store } from '../../functions/src/ports/store.ts';
import { recordConnection } from '../../functions/src/signaling/connection.ts';
import { dispatch } from '../../functions/src/signaling/dispatch.ts';
import { EdgeDirectory } from '../../functions/src/signaling/edge/directory.ts';
import { handleReport } from '../../functions/src/signaling/edge-events.ts';
import type { Services } from '../../functions/src/signaling/services.ts';
import { CountingStore, type Operations } from '../fakes/counting-store.ts';
import { LocalDynamoDb } from '../fakes/dynamodb.ts';
import { DynamoDbRequests } from '../fakes/dynamodb-requests.ts';
import { alice, domain, edge, generation, SignalingCore } from '../fakes/signaling-core.ts';

/** Signaling over a store that is counted. */
interface Scene {
  readonly services: Services;
  taken(): Operations;
}

const bob = aor(`bob@${domain}`);
const laptop = connectionId('laptop');
const phone = connectionId('phone');
const device = 'device-laptop';
const network = '192.0.2.7';
const session = sessionId('incoming');
const originator = { uri: 'carol@example.org' };
const key = { aor: alice, device: deviceId(device), session };
const phoneDevice = deviceId('device-phone');
const outgoing = { aor: alice, device: deviceId(device), session: sessionId('s1') };

const add = { sylkrtc: 'account-add', transaction: 'add', account: alice, password: 'secret', device } as const;
const register = { sylkrtc: 'account-register', transaction: 'reg', account: alice } as const;
const bobDevice = deviceId('device-bob');
const text = { uri: bob, content: 'Good morning', content_type: 'text/plain', timestamp: '2026-01-31T12:00:00Z' };
const write = { sylkrtc: 'account-message', transaction: 'm', account: alice, message_id: 'm1', ...text } as const;
const receipt = { uri: alice, message_id: 'm1', state: 'displayed', timestamp: text.timestamp } as const;
const report = { sylkrtc: 'account-disposition-notification', transaction: 'd', account: bob, ...receipt } as const;
const call = { account: alice, uri: 'bob@example.org', sdp: '' };
const create = { sylkrtc: 'session-create', transaction: 'c', session: 's1', ...call } as const;
const trickle = { sylkrtc: 'session-trickle', transaction: 'i', session: 's1', candidates: [] } as const;
const ring = { kind: 'ring', id: 'r1', edge, generation, aor: alice, session, originator } as const;
const bind = { kind: 'bind', id: 'r2', key, connection: laptop } as const;

type Step = (scene: Scene) => Promise<unknown>;

const asks =
  (request: Request, connection: ConnectionId = laptop): Step =>
  ({ services }) =>
    dispatch(services, connection, request);

const reports =
  (report: EdgeReport): Step =>
  async ({ services }) => {
    const answer = await handleReport(services, edge, report);
    assert.ok(answer.ok, JSON.stringify(answer));
  };

const connects =
  (connection: ConnectionId = laptop): Step =>
  ({ services }) =>
    recordConnection(services, connection, network);

const signedIn = [connects(), asks(add), asks(register)];
const bobsSignedIn = [
  connects(phone),
  asks({ ...add, account: bob, device: bobDevice }, phone),
  asks({ ...register, account: bob }, phone),
];
const onPhone = [connects(phone), asks({ ...add, device: phoneDevice }, phone), asks(register, phone)];

interface Flow {
  readonly given: readonly Step[];
  readonly when: readonly Step[];
  readonly takes: Operations;
  /** Requests to DynamoDB where they are fewer: reads of the same instant go together. */
  readonly requests?: Operations;
}

/** What each step of a person asks of the store, the list of edges (read at most every 3 s) apart. */
const flows: Readonly<Record<string, Flow>> = {
  'a connection': { given: [], when: [connects()], takes: { reads: 0, writes: 1 } },
  'an account is added': {
    given: [connects()],
    when: [asks(add)],
    takes: { reads: 4, writes: 1 },
    requests: { reads: 2, writes: 1 },
  },
  'a device that is new registers': {
    given: signedIn.slice(0, 2),
    when: [asks(register)],
    takes: { reads: 6, writes: 2 },
    requests: { reads: 5, writes: 2 },
  },
  'a device that is known registers again': {
    given: signedIn,
    when: [asks(register)],
    takes: { reads: 6, writes: 1 },
    requests: { reads: 5, writes: 1 },
  },
  'a call goes out': { given: signedIn, when: [asks(create)], takes: { reads: 1, writes: 2 } },
  'a further request of a call': {
    given: [...signedIn, asks(create)],
    when: [asks(trickle)],
    takes: { reads: 1, writes: 0 },
  },
  'a call that went out ends': {
    given: [...signedIn, asks(create)],
    when: [reports({ kind: 'ended', id: 'e', keys: [outgoing] })],
    takes: { reads: 0, writes: 1 },
  },
  'a call comes for an account on one device': {
    given: signedIn,
    when: [reports(ring)],
    takes: { reads: 1, writes: 1 },
  },
  'the device answers': { given: [...signedIn, reports(ring)], when: [reports(bind)], takes: { reads: 0, writes: 1 } },
  'a whole call between two of our own, apart from further requests': {
    given: [...signedIn, ...onPhone, ({ services }) => services.store.devices.unregister(alice, phoneDevice, phone)],
    when: [
      asks(create, phone),
      reports(ring),
      reports(bind),
      reports({ kind: 'ended', id: 'e', keys: [key, { ...outgoing, device: phoneDevice }] }),
    ],
    takes: { reads: 2, writes: 6 },
  },
  'a message between two of our own': {
    given: [...signedIn, ...bobsSignedIn],
    when: [asks(write)],
    takes: { reads: 7, writes: 4 },
    requests: { reads: 5, writes: 4 },
  },
  'a message to a phone': {
    given: signedIn,
    when: [asks({ ...write, uri: 'bob@example.org' })],
    takes: { reads: 4, writes: 2 },
    requests: { reads: 3, writes: 2 },
  },
  'a receipt': {
    given: [...signedIn, ...bobsSignedIn, asks(write)],
    when: [asks(report, phone)],
    takes: { reads: 2, writes: 3 },
  },
  'a conversation is read': {
    given: [...signedIn, ...bobsSignedIn, asks(write)],
    when: [asks({ sylkrtc: 'account-mark-conversation-read', transaction: 'r', account: bob, contact: alice }, phone)],
    takes: { reads: 3, writes: 2 },
  },
  'a contact is blocked': {
    given: [...signedIn, ...onPhone],
    when: [asks({ sylkrtc: 'account-block', transaction: 'b', account: alice, uri: 'mallory@example.net' })],
    takes: { reads: 2, writes: 2 },
  },
  'one of two devices answers': {
    given: [...signedIn, ...onPhone, reports(ring)],
    when: [reports(bind)],
    takes: { reads: 0, writes: 1 },
  },
};

const sum = ({ reads, writes }: Operations) => `reads ${reads}, writes ${writes}`;

/** The directory has read the edges already, as that of a function that is warm mostly has. */
const play = async ({ given, when }: Flow, scene: Scene): Promise<Operations> => {
  for (const step of given) await step(scene);
  await scene.services.directory.list();
  scene.taken();
  for (const step of when) await step(scene);
  return scene.taken();
};

const sceneOn = async (core: SignalingCore, store: Store, taken: () => Operations): Promise<Scene> => {
  const account = await core.store.accounts.find(alice);
  if (account === undefined) throw new Error('the core has no account');
  await store.accounts.create(account);
  const ha1Md5 = nodeCrypto.md5(`bob:${domain}:secret`);
  await store.accounts.create({ ...account, aor: bob, displayName: 'Bob', ha1Md5 });
  const load = { calls: 0, cpu: 0, draining: false };
  await store.edges.hello({ edge, generation, version: '0.1.0', load, renewedAt: core.now });
  const directory = new EdgeDirectory(store.edges, core.services.clock);
  return { services: { ...core.services, store, directory }, taken };
};

let dynamoDb: LocalDynamoDb;

before(async () => {
  dynamoDb = await LocalDynamoDb.start();
});

after(() => dynamoDb.stop());

describe('what signaling asks of its store', () => {
  for (const [name, flow] of Object.entries(flows)) {
    const requested = flow.requests ?? flow.takes;
    it(`${name}: ${sum(flow.takes)}; requests to DynamoDB: ${sum(requested)}`, async () => {
      const core = new SignalingCore();
      await core.open();
      const counting = new CountingStore(core.store);
      assert.deepEqual(await play(flow, await sceneOn(core, counting.store, () => counting.taken())), flow.takes);
      const client = dynamoDb.client();
      const requests = new DynamoDbRequests(client);
      const store = new DynamoDbStore({ table: await dynamoDb.newTable(), client });
      assert.deepEqual(await play(flow, await sceneOn(core, store, () => requests.taken())), requested);
      core.close();
    });
  }
});
