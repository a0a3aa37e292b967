/** The history of an account by HTTP, as both hosts answer: every way to have no right to it looks the same. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { isJsonObject, type JsonObject, parseJson } from '@sylk/protocol/json.ts';
import { httpHandler } from '../../functions/src/adapters/lambda/http.ts';
import { httpListener } from '../../functions/src/adapters/local/http-server.ts';
import { networkOf } from '../../functions/src/adapters/local/network-address.ts';
import { originRule } from '../../functions/src/adapters/local/origins.ts';
import { historyRoutes } from '../../functions/src/http/history.ts';
import { silentLog } from '../../functions/src/ports/log.ts';
import { blockAddress, givePermanentAddress, removeAddress } from '../../functions/src/signaling/account/addresses.ts';
import { keep } from '../../functions/src/signaling/message/history.ts';
import { alice, domain, SignalingCore } from '../fakes/signaling-core.ts';

const bob = aor(`bob@${domain}`);
const page = 'https://calls.example.org';
const origins = originRule({ patterns: [page], names: [] });

let core: SignalingCore;
let server: Server;
let origin: string;

before(async () => {
  server = createServer((request, response) => {
    const routes = historyRoutes(core.services);
    httpListener({ routes, origins, log: silentLog, done: () => undefined })(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
after(() => server.close());

beforeEach(async () => {
  core = new SignalingCore();
  for (const name of ['alice', 'bob'])
    await givePermanentAddress(core.services, { name, password: 'desk', displayName: name });
});
afterEach(() => core.close());

const hourMs = 60 * 60_000;

const tokenOf = async (who: Aor): Promise<string> => {
  const token = core.services.crypto.token(32);
  const stored = { hash: core.services.crypto.sha256(token), expiresAt: core.now + hourMs };
  assert.ok(await core.store.accounts.setHistoryToken(who, stored));
  return token;
};

const write = (to: Aor, id: string, content = `text ${id}`) =>
  keep(core.services, {
    ...({ aor: to, id, contact: 'carol@example.org', direction: 'incoming', contentType: 'text/plain' } as const),
    ...({ content, timestamp: '2026-01-31T12:00:00.000Z', state: 'received', disposition: ['display'] } as const),
  });

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly crossOrigin: readonly string[];
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const base = '/webrtcgateway/messages/history';
type Ask = (path: string, asked?: Asked) => Promise<Answer>;

const byHttp: Ask = async (path, asked = {}) => {
  const response = await fetch(`${origin}${base}/${path}`, asked);
  const crossOrigin = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text: await response.text(), crossOrigin };
};

const byLambda: Ask = async (path, { method = 'GET', headers = {} } = {}) => {
  const handle = httpHandler({
    routes: historyRoutes(core.services),
    log: silentLog,
    isOriginAllowed: origins.isAllowed,
    networkOf,
    front: async () => undefined,
  });
  const http = { method, sourceIp: '198.51.100.7' };
  // As API Gateway gives it: decoded.
  const event = { rawPath: `${base}/${decodeURIComponent(path)}`, rawQueryString: '', headers, isBase64Encoded: false };
  const answer = await handle(
    { ...event, body: undefined, requestContext: { http } },
    { getRemainingTimeInMillis: () => 15_000 },
  );
  const crossOrigin = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
  return {
    status: answer.statusCode,
    type: answer.headers['content-type'] ?? '',
    text: answer.body,
    crossOrigin,
  };
};

const key = (token: string, more: Readonly<Record<string, string>> = {}): Asked => ({
  headers: { authorization: `Apikey ${token}`, ...more },
});

const bodyOf = ({ status, text }: Answer): JsonObject => {
  assert.equal(status, 200, text);
  const body = parseJson(text);
  assert.ok(isJsonObject(body));
  return body;
};

const idsIn = (answer: Answer): readonly unknown[] => {
  const { messages } = bodyOf(answer);
  assert.ok(Array.isArray(messages));
  return messages.map((message) => (isJsonObject(message) ? message.message_id : undefined));
};

const refuses = async (ask: Ask, path: string, asked?: Asked) => {
  const { status, text, crossOrigin } = await ask(path, asked);
  assert.deepEqual([status, text, crossOrigin], [401, 'Unauthorized', []], `${path} ${JSON.stringify(asked)}`);
};

for (const [host, ask] of [
  ['a machine of its own', byHttp],
  ['Lambda', byLambda],
] as const) {
  describe(`a history by HTTP, on ${host}`, () => {
    it('is read with the token, whole or after a message', async () => {
      for (const id of ['m-1', 'm-2', 'm-3']) await write(alice, id);
      const token = await tokenOf(alice);
      const whole = await ask(alice, key(token));
      assert.match(whole.type, /^application\/json/);
      const { account, messages } = bodyOf(whole);
      assert.equal(account, alice);
      assert.ok(Array.isArray(messages));
      assert.deepEqual(messages[0], {
        ...{ contact: 'carol@example.org', timestamp: '2026-01-31T12:00:00.000Z', disposition: ['display'] },
        ...{ message_id: 'm-1', content_type: 'text/plain', content: 'text m-1', direction: 'incoming' },
        state: 'received',
      });
      assert.deepEqual(idsIn(whole), ['m-1', 'm-2', 'm-3']);
      assert.deepEqual(idsIn(await ask(`${alice}/m-2`, key(token))), ['m-3']);
      assert.deepEqual(idsIn(await ask(`${encodeURIComponent(alice)}/m-3`, key(token))), []);
      assert.deepEqual(idsIn(await ask(`${alice}/unknown`, key(token))), ['m-1', 'm-2', 'm-3']);
    });

    it('is 401, alike, for each way to have no right to it', async () => {
      const token = await tokenOf(alice);
      const ofBob = await tokenOf(bob);
      await refuses(ask, alice);
      await refuses(ask, `${alice}/m-1`);
      const odd = ['', 'Apikey', 'Apikey ', token, `apikey ${token}`, `Bearer ${token}`, `Apikey  ${token}`];
      for (const authorization of [...odd, `Apikey ${token} x`, `Apikey ${token}x`, `Apikey ${ofBob}`])
        await refuses(ask, alice, { headers: { authorization } });
      const unlike = [bob, `nobody@${domain}`, 'alice@elsewhere.test', 'alice'];
      for (const path of unlike) await refuses(ask, path, key(token));
    });

    it('is 401 where no token was ever asked for', async () => {
      await refuses(ask, alice, key(''));
      await refuses(ask, alice, key('x'.repeat(43)));
    });

    it('is 401 once the token has expired, or was replaced, or its account was blocked or removed', async () => {
      const ofBob = await tokenOf(bob);
      const former = await tokenOf(alice);
      const token = await tokenOf(alice);
      await refuses(ask, alice, key(former));
      assert.equal((await ask(alice, key(token))).status, 200);
      assert.equal((await ask(bob, key(ofBob))).status, 200);
      await blockAddress(core.services, bob);
      await refuses(ask, bob, key(ofBob));
      await removeAddress(core.services, bob);
      await refuses(ask, bob, key(ofBob));
      core.now += hourMs - 1;
      assert.equal((await ask(alice, key(token))).status, 200);
      core.now += 1;
      await refuses(ask, alice, key(token));
    });

    it('checks OPTIONS in the same way, and tells browsers nothing', async () => {
      const token = await tokenOf(alice);
      await refuses(ask, alice, { method: 'OPTIONS' });
      await refuses(ask, alice, { method: 'OPTIONS', headers: { origin: page } });
      await refuses(ask, alice, { headers: { origin: page } });
      const asked = { method: 'OPTIONS', ...key(token, { origin: page }) };
      const { status, crossOrigin } = await ask(alice, asked);
      assert.deepEqual([status, crossOrigin], [204, []]);
      assert.deepEqual((await ask(alice, key(token, { origin: page }))).crossOrigin, []);
    });

    it('is cut where it is too long, oldest first, and goes on after the last id', async () => {
      const content = '"'.repeat(16 * 1024);
      const count = 170;
      for (let index = 0; index < count; index++) await write(alice, `m-${index}`, content);
      const token = await tokenOf(alice);
      const answer = await ask(alice, key(token));
      assert.ok(Buffer.byteLength(JSON.stringify(answer.text)) < 6_000_000);
      const ids = idsIn(answer);
      assert.equal(ids[0], 'm-0');
      assert.ok(ids.length > 50 && ids.length < count, String(ids.length));
      const rest = idsIn(await ask(`${alice}/${ids.at(-1)}`, key(token)));
      assert.equal(ids.length + rest.length, count);
      assert.equal(rest.at(-1), `m-${count - 1}`);
    });
  });
}
