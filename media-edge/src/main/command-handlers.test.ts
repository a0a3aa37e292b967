import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callRows } from '@sylk/protocol/edge/codec.ts';
import { aor, sessionId } from '@sylk/protocol/ids.ts';
import { EdgeWorld } from '../../../test/fakes/edge-world.ts';
import { settle } from '../../../test/fakes/fake-clock.ts';
import { Commands } from '../link/commands.ts';
import { silentLog } from '../ports/log.ts';
import { commandHandlers } from './command-handlers.ts';
import { refusalToBrowser } from './refused-requests.ts';

async function bench() {
  const world = new EdgeWorld();
  const alice = world.signsIn('alice');
  const told: string[] = [];
  const registrations = {
    register: (account: { readonly aor: string }) => void told.push(`register ${account.aor}`),
    unregister: (aor: string, isMoved?: boolean) => void told.push(`unregister ${aor}${isMoved ? ', moved' : ''}`),
  };
  const handlers = commandHandlers(world.exchange, world.sessions, registrations, {
    probe: async () => ({ ok: true, packetsBack: 25 }),
    page: ({ to, page }) => void told.push(`${page.kind} ${to}`),
  });
  const refused = refusalToBrowser(world.signaling, world.sessions);
  const commands = new Commands({ clock: world.clock, log: silentLog, handlers, refused });
  await world.calls('alice', 'bob@phones.example');
  const key = { aor: alice.aor, device: alice.device, session: sessionId('s-alice') };
  return { world, commands, key, alice, told };
}

test('calls are listed, with the session by which they can be ended', async () => {
  const { commands, key } = await bench();
  const { result } = await commands.take({ kind: 'list-calls', id: '1', ttlMs: 1000 });
  const [row] = callRows(result);
  assert.deepEqual(
    [row?.from, row?.to, row?.state, row?.key],
    ['alice@sylk.test', 'bob@phones.example', 'calling', key],
  );
});

test('an operator ends a call; one that is not here is refused', async () => {
  const { world, commands, key } = await bench();
  const end = { kind: 'end', ttlMs: 1000, reason: '480 Ended by operator' } as const;
  assert.equal((await commands.take({ ...end, id: '1', key })).ok, true);
  await settle();
  assert.equal(world.saw('alice').at(-1), 'state terminated');
  const { error } = await commands.take({ ...end, id: '2', key: { ...key, session: sessionId('other') } });
  assert.equal(error, 'there is no session other here');
});

test('the ladder is for the account that had the call', async () => {
  const { commands, key } = await bench();
  const ask = { kind: 'ladder', ttlMs: 1000, session: key.session } as const;
  assert.equal((await commands.take({ ...ask, id: '1', aor: key.aor })).ok, true);
  const stranger = await commands.take({ ...ask, id: '2', aor: (await bench()).world.signsIn('eve').aor });
  assert.equal(stranger.ok, false);
});

test('a lost connection, a drain and a probe reach their parts', async () => {
  const { world, commands, alice } = await bench();
  await commands.take({ kind: 'connection-lost', id: '1', ttlMs: 1000, connection: alice.connection });
  await world.clock.advance(0);
  assert.equal(world.sip.dialled[0]?.leg.told.at(-1), 'end 408 Connection lost');
  await commands.take({ kind: 'drain', id: '2', ttlMs: 1000 });
  assert.equal(world.exchange.isDraining, true);
  assert.deepEqual((await commands.take({ kind: 'probe', id: '3', ttlMs: 1000 })).result, {
    ok: true,
    packetsBack: 25,
  });
});

const create = (session: string) =>
  ({
    sylkrtc: 'session-create',
    transaction: `t-${session}`,
    session,
    account: 'alice@sylk.test',
    uri: 'bob@phones.example',
    sdp: 'v=0',
  }) as const;

test('a request that came too late is answered by the edge when nobody else waits for its fate', async () => {
  const { world, commands, alice } = await bench();
  const late = { kind: 'request', ttlMs: 0, from: alice } as const;
  await commands.take({ ...late, id: '1', request: create('s-1') });
  assert.deepEqual(world.signaling.over, []);
  await commands.take({ ...late, id: '2', request: create('s-2'), quiet: true });
  await settle();
  assert.equal(world.saw('alice').at(-1), 'error t-s-2: The media server does not answer to session-create, try again');
  assert.deepEqual(
    world.signaling.over.map(({ session }) => session),
    ['s-2'],
  );
});

test('a repeated request that came too late leaves its session alone', async () => {
  const { world, commands, alice } = await bench();
  await commands.take({ kind: 'request', id: '1', ttlMs: 0, from: alice, request: create('s-alice'), quiet: true });
  await settle();
  assert.deepEqual(world.signaling.over, []);
});

test('accounts elsewhere are handed to whoever registers them', async () => {
  const { commands, told } = await bench();
  const account = { aor: aor('alice@provider.test'), contact: `u${'0'.repeat(32)}`, keys: [], credentials: 'c' };
  await commands.take({ kind: 'register-elsewhere', id: '1', ttlMs: 1000, account });
  await commands.take({ kind: 'unregister-elsewhere', id: '2', ttlMs: 1000, aor: account.aor, moved: true });
  assert.deepEqual(told, ['register alice@provider.test', 'unregister alice@provider.test, moved']);
});
