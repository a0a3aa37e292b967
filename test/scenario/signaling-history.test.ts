/** The history of an account by HTTP, for whoever has the token that a phone of the account was sent. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import { historyRoutes } from '../../functions/src/http/history.ts';
import { answer } from '../../functions/src/http/router.ts';
import { EdgeUnreachable } from '../../functions/src/ports/edge-link.ts';
import { removeAddress } from '../../functions/src/signaling/account/addresses.ts';
import { pageWritten } from '../../functions/src/signaling/message/from-edge.ts';
import { keep } from '../../functions/src/signaling/message/history.ts';
import { alice, domain, edge, generation, SignalingCore } from '../fakes/signaling-core.ts';

const bob = aor(`bob@${domain}`);
const day = 86_400_000;
const type = 'application/sylk-api-token';
let core: SignalingCore;
let sent: EdgeCommand[];
let isEdgeLost: boolean;

beforeEach(async () => {
  sent = [];
  isEdgeLost = false;
  core = new SignalingCore({
    command: async (to, command) => {
      if (isEdgeLost) throw new EdgeUnreachable(to);
      sent.push(command);
    },
  });
  await core.open();
  const account = await core.store.accounts.find(alice);
  assert.ok(account);
  await core.store.accounts.create({ ...account, aor: bob });
});
afterEach(() => core.close());

const givePhone = async (who: Aor): Promise<void> => {
  const place = { key: 'k', contact: `sip:${who.split('@')[0]}@192.0.2.9`, q: 1000, path: [] };
  const origin = { callId: 'c', cseq: 1, claimant: 'r' };
  const times = { registeredAt: core.now, expiresAt: core.now + 40 * day };
  assert.ok(await core.store.phones.bind({ aor: who, place, edge, ...origin, ...times }, core.now));
};

const asks = (proven: Aor | undefined, to: Aor): Promise<PageAnswer> =>
  pageWritten(core.services, {
    ...{ kind: 'page', id: 'p', edge, generation, from: { uri: proven ?? 'carol@example.net' }, to, proven },
    page: {
      kind: 'message',
      message: 'm',
      contentType: type,
      content: 'token',
      wantsDelivery: false,
      wantsDisplay: false,
    },
  });

/** The token that the phone of an account is sent. */
const tokenOf = async (who: Aor): Promise<string> => {
  assert.deepEqual(await asks(who, who), { status: 'stored' });
  const command = sent.at(-1);
  assert.ok(command?.kind === 'page' && command.page.kind === 'message');
  assert.deepEqual([command.to, command.page.contentType], [who, type]);
  const told: unknown = parseJson(command.page.content);
  assert.ok(isJsonObject(told));
  assert.equal(told.url, `https://sylk.test/webrtcgateway/messages/history/${encodeURIComponent(who)}`);
  return String(told.token);
};

const ask = async (who: string, authorization?: string, { method = 'GET', message = '' } = {}) => {
  const path = ['webrtcgateway', 'messages', 'history', who, ...(message === '' ? [] : [message])];
  const rest = { query: {}, body: '', address: '192.0.2.1', network: '192.0.2.1', isOriginAllowed: true };
  const response = await answer(historyRoutes(core.services), { ...rest, method, path, headers: { authorization } });
  assert.ok(response);
  return response;
};

const write = (id: string) =>
  keep(core.services, {
    ...{ aor: alice, id, contact: 'carol@example.net', direction: 'incoming', contentType: 'text/plain', content: id },
    ...{ timestamp: '2026-01-31T12:00:00.000Z', state: 'received', disposition: [] },
  });

const texts = (body: string): readonly unknown[] => {
  const answered: unknown = parseJson(body);
  assert.ok(isJsonObject(answered) && Array.isArray(answered.messages));
  assert.equal(answered.account, alice);
  return answered.messages.map((entry) => Object(entry).content);
};

test('a phone that has shown the password gets the token of its account, which opens the history', async () => {
  await givePhone(alice);
  const token = await tokenOf(alice);
  for (const id of ['one', 'two', 'three']) await write(id);
  const whole = await ask(alice, `Apikey ${token}`);
  assert.deepEqual([whole.status, texts(whole.body)], [200, ['one', 'two', 'three']]);
  assert.match(String(whole.headers['content-type']), /^application\/json/);
  const rest = await ask(alice.toUpperCase(), `Apikey ${token}`, { message: 'one' });
  assert.deepEqual(texts(rest.body), ['two', 'three']);
  const options = await ask(alice, `Apikey ${token}`, { method: 'OPTIONS' });
  assert.deepEqual([options.status, options.headers['access-control-allow-origin']], [204, undefined]);
  const stored = JSON.stringify(await core.store.accounts.find(alice));
  assert.ok(!stored.includes(token));
});

test('a token that reached no phone ends no other', async () => {
  await givePhone(alice);
  const token = await tokenOf(alice);
  isEdgeLost = true;
  assert.deepEqual(await asks(alice, alice), { status: 'limited', retryAfterS: 5 });
  assert.equal((await ask(alice, `Apikey ${token}`)).status, 200);
});

test('a history is read 120 times a minute', async () => {
  await givePhone(alice);
  const token = await tokenOf(alice);
  for (let read = 0; read < 120; read += 1) assert.equal((await ask(alice, `Apikey ${token}`)).status, 200);
  const refused = await ask(alice, `Apikey ${token}`);
  assert.deepEqual([refused.status, Number(refused.headers['retry-after']) > 0], [429, true]);
  assert.equal((await ask(bob, `Apikey ${token}`)).status, 401);
});

test('whatever is wrong is told in one word', async () => {
  for (const who of [alice, bob]) await givePhone(who);
  const former = await tokenOf(alice);
  const [token, other] = [await tokenOf(alice), await tokenOf(bob)];
  const tries = [
    [alice, undefined],
    [alice, token],
    [alice, `Bearer ${token}`],
    [alice, `apikey ${token}`],
    [alice, `Apikey ${former}`],
    [alice, `Apikey ${other}`],
    [alice, 'Apikey '],
    ['nobody@sylk.test', `Apikey ${token}`],
    ['alice@elsewhere.test', `Apikey ${token}`],
  ] as const;
  for (const [who, authorization] of tries)
    for (const method of ['GET', 'OPTIONS']) {
      const { status, body } = await ask(who, authorization, { method });
      assert.deepEqual([status, body], [401, 'Unauthorized'], `${method} ${who} ${authorization}`);
    }
  core.now += 31 * day - 1;
  assert.equal((await ask(alice, `Apikey ${token}`)).status, 200);
  core.now += 1;
  assert.equal((await ask(alice, `Apikey ${token}`)).status, 401);
  await removeAddress(core.services, bob);
  assert.equal((await ask(bob, `Apikey ${other}`)).status, 401);
});

test('a token is given to nobody else, and asking is nothing that is kept', async () => {
  assert.deepEqual(await asks(alice, alice), { status: 'unknown' });
  await givePhone(alice);
  assert.deepEqual(await asks(undefined, alice), { status: 'forbidden' });
  assert.deepEqual(await asks(bob, alice), { status: 'forbidden' });
  const statuses = [];
  for (let tries = 0; tries < 21; tries++) statuses.push((await asks(alice, alice)).status);
  assert.deepEqual([statuses[0], statuses.at(-2), statuses.at(-1)], ['stored', 'stored', 'limited']);
  assert.equal(await core.store.messages.tail(alice), 0);
});
