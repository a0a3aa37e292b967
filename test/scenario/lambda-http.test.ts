import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import type { HttpEvent } from '../../functions/src/adapters/lambda/events.ts';
import { httpHandler } from '../../functions/src/adapters/lambda/http.ts';
import { networkOf } from '../../functions/src/adapters/local/network-address.ts';
import { nodeCrypto } from '../../functions/src/adapters/local/node-crypto.ts';
import { originRule } from '../../functions/src/adapters/local/origins.ts';
import { addressRoutes } from '../../functions/src/http/addresses.ts';
import { configRoutes } from '../../functions/src/http/public-config.ts';
import type { Route } from '../../functions/src/http/router.ts';
import { silentLog } from '../../functions/src/ports/log.ts';
import { SignalingCore } from '../fakes/signaling-core.ts';

const page = 'https://calls.example.org';
const inTime = { getRemainingTimeInMillis: () => 15_000 };

let core: SignalingCore;
beforeEach(() => {
  core = new SignalingCore();
});
afterEach(() => core.close());

interface Asked {
  readonly headers?: HttpEvent['headers'];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly from?: string;
  readonly routes?: readonly Route[];
  readonly context?: typeof inTime;
}

const ask = async (method: string, rawPath: string, asked: Asked = {}) => {
  const { services } = core;
  const handle = httpHandler({
    routes: asked.routes ?? [...addressRoutes(services), ...configRoutes(services, async () => 443)],
    log: silentLog,
    isOriginAllowed: originRule({ patterns: [page], names: [] }).isAllowed,
    networkOf,
    front: async () => ({ secret: 'shared', isEqual: nodeCrypto.isEqual }),
  });
  return handle(
    {
      rawPath,
      rawQueryString: '',
      headers: asked.headers ?? {},
      body: asked.body,
      isBase64Encoded: asked.isBase64Encoded ?? false,
      requestContext: { http: { method, sourceIp: asked.from ?? '198.51.100.7' } },
    },
    asked.context ?? inTime,
  );
};

const json = { 'Content-Type': 'application/json' };
const temporary = '{"lifetime":"temporary"}';

test('an address is given out, with a body in either form', async () => {
  for (const [body, isBase64Encoded] of [
    [temporary, false],
    [Buffer.from(temporary).toString('base64'), true],
  ] as const) {
    const { statusCode, body: text } = await ask('POST', '/api/addresses', { headers: json, body, isBase64Encoded });
    const made = parseJson(text);
    assert.equal(statusCode, 201);
    assert.ok(isJsonObject(made) && typeof made.address === 'string' && made.address.endsWith('@sylk.test'));
  }
});

test('what a page needs to know', async () => {
  const { statusCode, body, headers } = await ask('GET', '/api/config');
  assert.equal(statusCode, 200);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(body, /"webSocketPath":"\/webrtcgateway\/ws","httpsPort":443/);
});

test('an allowed page of another origin may ask and read, others may not', async () => {
  const allowed = await ask('OPTIONS', '/api/addresses', { headers: { origin: page } });
  assert.equal(allowed.statusCode, 204);
  assert.equal(allowed.headers['access-control-allow-origin'], page);
  const stranger = { origin: 'https://elsewhere.example', ...json };
  const refused = await ask('OPTIONS', '/api/addresses', { headers: stranger });
  assert.equal(refused.statusCode, 403);
  assert.equal(refused.headers['access-control-allow-origin'], undefined);
  assert.equal((await ask('POST', '/api/addresses', { headers: stranger, body: temporary })).statusCode, 403);
});

test('quotas count visitors, not what stands in front of the API', async () => {
  const front = (address: string) => ({
    ...json,
    'x-sylk-front': 'shared',
    'x-sylk-viewer': address,
  });
  core.services.store.quotas.take = async (_, key) =>
    key === '203.0.113.9' ? { granted: false, retryAfterMs: 1_500 } : { granted: true };
  const limited = await ask('POST', '/api/addresses', { headers: front('203.0.113.9'), body: temporary });
  assert.equal(limited.statusCode, 429);
  assert.equal(limited.headers['retry-after'], '2');
  assert.equal(
    (await ask('POST', '/api/addresses', { headers: front('203.0.113.8'), body: temporary })).statusCode,
    201,
  );
});

for (const [what, status, method, path, body] of [
  ['an unknown path', 404, 'GET', '/api/nothing', ''],
  ['a path whose percent sign the API has decoded already', 404, 'GET', '/api/%', ''],
  ['another method', 405, 'PUT', '/api/addresses', ''],
  ['a body that is too large', 413, 'POST', '/api/addresses', 'x'.repeat(20_000)],
  ['a body that is not JSON', 400, 'POST', '/api/addresses', 'lifetime'],
] as const) {
  test(`${what} gets ${status}`, async () => {
    assert.equal((await ask(method, path, { headers: json, body })).statusCode, status);
  });
}

const slow: Route = { path: '/slow', methods: { GET: () => new Promise(() => undefined) } };
const broken: Route = { path: '/broken', methods: { GET: () => Promise.reject(new Error('the store is away')) } };

test('an answer comes before the platform gives its own', async () => {
  const context = { getRemainingTimeInMillis: () => 1_010 };
  const { statusCode, body } = await ask('GET', '/slow', { routes: [slow], context });
  assert.equal(statusCode, 503);
  assert.match(body, /took too long/);
});

test('a fault of ours is told as such, without its reason', async () => {
  const { statusCode, body } = await ask('GET', '/broken', { routes: [broken] });
  assert.equal(statusCode, 500);
  assert.equal(body, 'internal error\n');
});
