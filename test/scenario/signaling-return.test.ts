import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { reportResult } from '@sylk/protocol/edge/codec.ts';
import { type ConnectionId, connectionId, sessionId } from '@sylk/protocol/ids.ts';
import { returnGraceMs } from '@sylk/protocol/limits.ts';
import { connectionClosed, recordConnection } from '../../functions/src/signaling/connection.ts';
import { dispatch } from '../../functions/src/signaling/dispatch.ts';
import { handleReport } from '../../functions/src/signaling/edge-events.ts';
import { alice, edge, generation, SignalingCore } from '../fakes/signaling-core.ts';

let core: SignalingCore;
let told: string[];
beforeEach(async () => {
  told = [];
  core = new SignalingCore({
    command: async (_, command) => {
      if (command.kind === 'device-ready') told.push(`${command.to.device} ${command.to.epoch}`);
    },
  });
  await core.open('first');
});
afterEach(() => core.close());

/** Signs in on a connection; without a device as clients do that have no id of their own. */
const signIn = async (connection: ConnectionId, device?: string): Promise<void> => {
  const { services } = core;
  await recordConnection(services, connection, '192.0.2.7');
  const account = { account: alice, password: 'secret', ...(device === undefined ? {} : { device }) };
  await dispatch(services, connection, { sylkrtc: 'account-add', transaction: 'a', ...account });
  await dispatch(services, connection, { sylkrtc: 'account-register', transaction: 'r', account: alice });
};

let rings = 0;
const ring = async (): Promise<string> => {
  const session = sessionId(`call-${++rings}`);
  const report = { kind: 'ring', id: `ring-${rings}`, edge, generation, aor: alice, session } as const;
  const answer = await handleReport(core.services, edge, { ...report, originator: { uri: 'carol@example.org' } });
  assert.ok(answer.ok);
  const ringing = reportResult('ring', answer.result);
  return 'devices' in ringing ? ringing.devices.map(({ device }) => device).join(' ') : ringing.status;
};

test('a device whose connection was lost a moment ago rings, for so long as it takes to come back', async () => {
  const first = connectionId('first');
  await signIn(first, 'my-laptop');
  await connectionClosed(core.services, first);
  assert.equal(await ring(), 'my-laptop');
  core.now += returnGraceMs / 2;
  // Its end may be told more than once, which makes it no longer.
  await connectionClosed(core.services, first);
  core.now += returnGraceMs / 2 + 1;
  assert.equal(await ring(), 'away');
});

test('it rings on the connection with which it comes back, and so does another one that signs in', async () => {
  await signIn(connectionId('first'), 'my-laptop');
  await connectionClosed(core.services, connectionId('first'));
  await ring();
  await signIn(connectionId('second'), 'my-laptop');
  await signIn(connectionId('third'), 'my-phone');
  assert.deepEqual(told, ['my-laptop 2', 'my-phone 1']);
  core.now += returnGraceMs + 1;
  await connectionClosed(core.services, connectionId('first'));
  assert.equal(await ring(), 'my-laptop my-phone');
});

test('a client without an id of its own, and one that has signed out, is away at once', async () => {
  const stock = connectionId('stock');
  await signIn(stock);
  assert.equal(await ring(), 'stock');
  await connectionClosed(core.services, stock);
  assert.equal(await ring(), 'away');
  const first = connectionId('first');
  await signIn(first, 'my-laptop');
  await dispatch(core.services, first, { sylkrtc: 'account-unregister', transaction: 'u', account: alice });
  await connectionClosed(core.services, first);
  assert.equal(await ring(), 'away');
});

test('a text for somebody who may come back is kept, and is not said to have arrived', async () => {
  const first = connectionId('first');
  await signIn(first, 'my-laptop');
  await connectionClosed(core.services, first);
  core.gone.add(first);
  const page = { kind: 'message', message: 'm-1', contentType: 'text/plain', content: 'Hello' } as const;
  const from = { uri: 'carol@example.org' };
  const wishes = { wantsDelivery: true, wantsDisplay: false };
  const report = { kind: 'page', id: 'p-1', edge, generation, from, to: alice, page: { ...page, ...wishes } } as const;
  const answer = await handleReport(core.services, edge, report);
  assert.ok(answer.ok);
  // 202 for its writer.
  assert.deepEqual(reportResult('page', answer.result), { status: 'away' });
  assert.equal((await core.store.messages.find(alice, 'm-1'))?.content, 'Hello');
});
