import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { encode } from '@sylk/protocol/codec.ts';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import { aor, type ConnectionId, sessionId } from '@sylk/protocol/ids.ts';
import { maxFrameBytes, maxListedContacts } from '@sylk/protocol/limits.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';
import { dispatch } from '../../functions/src/signaling/dispatch.ts';
import { handleReport } from '../../functions/src/signaling/edge-events.ts';
import { alice, domain, edge, generation, SignalingCore } from '../fakes/signaling-core.ts';

let core: SignalingCore;
let laptop: ConnectionId;
let commands: EdgeCommand[];

const mallory = 'mallory@example.net';

beforeEach(async () => {
  commands = [];
  core = new SignalingCore({ command: async (_edge, command) => void commands.push(command) });
  laptop = await core.open();
  await asks({ sylkrtc: 'account-add', transaction: 'add', account: alice, password: 'secret' });
});

afterEach(() => core.close());

const asks = (request: Request): Promise<void> => dispatch(core.services, laptop, request);

const block = (uri: string, transaction: string): Promise<void> =>
  asks({ sylkrtc: 'account-block', transaction, account: alice, uri });

const policies = () =>
  core.posted.flatMap(({ message }) =>
    message.sylkrtc === 'account-event' && message.event === 'contact-policy' ? [message] : [],
  );

test('desk phones neither ring for a blocked caller nor get what it writes', async () => {
  const place = { key: 'desk', contact: 'sip:alice@192.0.2.20', q: 1000, path: [] };
  const origin = { callId: 'c', cseq: 1, claimant: 'r' };
  const binding = { aor: alice, place, edge, ...origin, registeredAt: core.now, expiresAt: core.now + 60_000 };
  assert.ok(await core.store.phones.bind(binding, core.now));
  const call = { kind: 'ring', edge, generation, aor: alice, originator: { uri: mallory } } as const;
  const body = { kind: 'message', message: 'm', contentType: 'text/plain', content: 'Hello' } as const;
  const page = { ...body, wantsDelivery: false, wantsDisplay: false };
  const written = { kind: 'page', edge, generation, from: { uri: mallory }, to: alice, page } as const;
  const told = async (id: string) => {
    const rung = await handleReport(core.services, edge, { ...call, id: `${id}-r`, session: sessionId(id) });
    const kept = await handleReport(core.services, edge, { ...written, id: `${id}-p`, page: { ...page, message: id } });
    return [rung, kept].map((answer) => (answer.ok ? answer.result : answer.error));
  };
  const phones = [{ ...place, edge }];
  assert.deepEqual(await told('before'), [
    { status: 'ringing', devices: [], phones },
    { status: 'away', phones },
  ]);
  await block(mallory, 'b');
  assert.deepEqual(await told('after'), [{ status: 'away' }, { status: 'away' }]);
  assert.deepEqual(commands, []);
});

test('a list that is full is told in frames that fit, takes nobody else, and lets go of everybody', async () => {
  const longest = (index: number) => `${String(index).padStart(200, 'x')}@${'example.'.repeat(5)}net`;
  for (let index = 0; index < maxListedContacts; index += 1)
    await core.store.accounts.setContact(alice, longest(index), 'blocked', maxListedContacts);
  await asks({ sylkrtc: 'account-register', transaction: 'reg', account: alice });
  const told = policies();
  assert.equal(told.flatMap(({ blocked }) => blocked).length, maxListedContacts);
  assert.deepEqual(
    told.map(({ reset }) => reset),
    [true, ...Array(told.length - 1).fill(undefined)],
  );
  assert.deepEqual(
    told.map(({ more }) => more),
    [...Array(told.length - 1).fill(true), undefined],
  );
  for (const event of told) assert.ok(encode(event).length < maxFrameBytes);
  await block(mallory, 'full');
  assert.match(core.repliesTo('full')[0] ?? '', /^At most 500 contacts can be blocked/);
  await asks({ sylkrtc: 'account-allow', transaction: 'a', account: alice, uri: longest(7) });
  await block(mallory, 'room');
  assert.deepEqual([core.repliesTo('a'), core.repliesTo('room')], [['ack'], ['ack']]);
});

test('an account elsewhere has no list here, whoever has shown its password', async () => {
  const elsewhere = aor('alice@provider.test');
  const uri = mallory;
  await asks({ sylkrtc: 'account-add', transaction: 'e', account: elsewhere, password: 'secret' });
  await asks({ sylkrtc: 'account-block', transaction: 'early', account: elsewhere, uri });
  const record = await core.store.connections.find(laptop, core.now);
  const credentials = record?.accounts.find((added) => added.aor === elsewhere)?.elsewhere?.credentials ?? '';
  const owner = { edge, generation };
  const stored = { aor: elsewhere, owner, contact: 'c', credentials, secret: '', version: 1, claimant: 'x' };
  await core.store.registrations.put({ ...stored, state: 'registered' });
  await asks({ sylkrtc: 'account-block', transaction: 'late', account: elsewhere, uri });
  assert.deepEqual(core.repliesTo('early'), ['Account not authenticated']);
  assert.deepEqual(core.repliesTo('late'), [`Only accounts of ${domain} can block or allow here`]);
});
