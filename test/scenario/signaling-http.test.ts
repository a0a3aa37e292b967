import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type JsonObject, parseJson } from '@sylk/protocol/json.ts';
import type { FakeEdge } from '../fakes/fake-edge.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
let edge: FakeEdge;
before(async () => {
  stage = await SignalingStage.open({ SYLK_ADDRESSES_PER_HOUR: '1000', SYLK_WEB_ORIGINS: 'https://*.example.org' });
  edge = await stage.edge();
});
after(() => stage.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: JsonObject;
}

const ask = async (path: string, init: RequestInit = {}, on = stage): Promise<Answer> => {
  const response = await fetch(`${on.origin}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  const value = isJson ? parseJson(text) : {};
  return { status: response.status, headers: response.headers, text, json: isJsonObject(value) ? value : {} };
};

const post = (body: unknown, headers: Record<string, string> = {}, on = stage) =>
  ask(
    '/api/addresses',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
    on,
  );

const basic = ({ address, password }: Address) => ({
  authorization: `Basic ${Buffer.from(`${address}:${password}`).toString('base64')}`,
});

test('a temporary address has a readable name, a password and an end', async () => {
  const { status, headers, json } = await post({ lifetime: 'temporary' });
  assert.equal(status, 201);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.match(String(json.address), /^[a-z]+-[a-z]+-\d{3}@sylk\.test$/);
  assert.match(String(json.displayName), /^[A-Z][a-z]+ [A-Z][a-z]+$/);
  assert.ok(String(json.password).length >= 16);
  const hours = (Date.parse(String(json.expiresAt)) - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours <= 24, `${hours} h`);
});

test('a permanent address has the chosen name and password, and no end', async () => {
  const wish = { lifetime: 'permanent', name: 'Anna.Berg', password: 'correct horse', displayName: 'Anna B.' };
  const { status, json } = await post(wish);
  assert.equal(status, 201);
  const address = 'anna.berg@sylk.test';
  assert.deepEqual(json, { address, password: 'correct horse', displayName: 'Anna B.', expiresAt: null });
  await stage.signedIn({ address: 'Anna.Berg@sylk.test', password: 'correct horse' });
});

test('a name is given out once, also after it was removed', async () => {
  const wish = { lifetime: 'permanent', name: 'bert', password: 'password-1' };
  assert.equal((await post(wish)).status, 201);
  assert.equal((await post(wish)).status, 409);
  const bert = { address: 'bert@sylk.test', password: 'password-1' };
  assert.equal((await ask('/api/addresses/bert@sylk.test', { method: 'DELETE', headers: basic(bert) })).status, 204);
  const { status, json } = await post(wish);
  assert.equal(status, 409);
  assert.deepEqual(json, { error: 'the name bert is taken, choose another', field: 'name' });
  assert.equal((await post({ ...wish, name: 'echo' })).status, 409);
});

for (const [field, wish] of [
  ['lifetime', {}],
  ['lifetime', { lifetime: 'eternal' }],
  ['lifetime', { lifetime: 7 }],
  ['name', { lifetime: 'permanent', password: 'password-1' }],
  ['name', { lifetime: 'permanent', name: 'ab', password: 'password-1' }],
  ['name', { lifetime: 'permanent', name: 'a@b', password: 'password-1' }],
  ['name', { lifetime: 'permanent', name: 'a..b', password: 'password-1' }],
  ['name', { lifetime: 'permanent', name: '12345', password: 'password-1' }],
  ['name', { lifetime: 'permanent', name: 'x'.repeat(33), password: 'password-1' }],
  ['password', { lifetime: 'permanent', name: 'carl' }],
  ['password', { lifetime: 'permanent', name: 'carl', password: 'short' }],
  ['displayName', { lifetime: 'permanent', name: 'carl', password: 'password-1', displayName: 'a"b' }],
] as const) {
  test(`${JSON.stringify(wish)} is refused: ${field}`, async () => {
    const { status, json } = await post(wish);
    assert.equal(status, 400);
    assert.equal(json.field, field);
    assert.ok(String(json.error).includes(`expected ${json.rule}`));
  });
}

test('anything but JSON is refused', async () => {
  assert.equal((await post('{"lifetime":"temporary"}', { 'content-type': 'text/plain' })).status, 415);
  assert.equal((await post('{"lifetime"')).status, 400);
  assert.equal((await post('[1]')).status, 400);
  assert.equal((await post(`{"lifetime":"${'x'.repeat(20_000)}"}`)).status, 413);
  const wrongMethod = await ask('/api/addresses');
  assert.equal(wrongMethod.status, 405);
  assert.equal(wrongMethod.headers.get('allow'), 'POST');
});

test('a body that is too large is refused in words that arrive, though its sender goes on sending', async () => {
  const socket = connect(stage.port, '127.0.0.1');
  const size = 200_000;
  socket.write(`POST /api/addresses HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`);
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  for (let sent = 0; sent < size; sent += 20_000) {
    socket.write('x'.repeat(20_000));
    await sleep(5);
  }
  await closed;
  assert.match(heard, /^HTTP\/1\.1 413 /);
});

test('only pages of allowed origins get addresses, and may read the answer', async () => {
  assert.equal((await post({ lifetime: 'temporary' }, { origin: 'https://evil.example' })).status, 403);
  const origin = 'https://app.example.org';
  const { status, headers } = await post({ lifetime: 'temporary' }, { origin });
  assert.equal(status, 201);
  assert.equal(headers.get('access-control-allow-origin'), origin);
  const preflight = await ask('/api/addresses', { method: 'OPTIONS', headers: { origin } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
});

test('a network gets so many addresses an hour, with a time to come again', async () => {
  const strict = await SignalingStage.open({ SYLK_ADDRESSES_PER_HOUR: '2' });
  assert.equal((await post({ lifetime: 'temporary' }, {}, strict)).status, 201);
  assert.equal((await post({ lifetime: 'nonsense' }, {}, strict)).status, 400);
  assert.equal((await post({ lifetime: 'temporary' }, {}, strict)).status, 201);
  const { status, headers } = await post({ lifetime: 'temporary' }, {}, strict);
  assert.equal(status, 429);
  const seconds = Number(headers.get('retry-after'));
  assert.ok(seconds > 0 && seconds <= 3600);
  const fromNetwork = (address: string) => post({ lifetime: 'temporary' }, { 'x-forwarded-for': address }, strict);
  assert.equal((await fromNetwork('2001:db8:1:2::1')).status, 201);
  assert.equal((await fromNetwork('2001:db8:1:2:ffff::2')).status, 201);
  assert.equal((await fromNetwork('2001:db8:1:2::3')).status, 429);
  assert.equal((await fromNetwork('2001:db8:1:3::1')).status, 201);
  await strict.close();
});

test('an address is removed by its owner only', async () => {
  const [mine, other] = [await stage.mint(), await stage.mint()];
  const remove = (headers: Record<string, string>) =>
    ask(`/api/addresses/${mine.address}`, { method: 'DELETE', headers });
  const anonymous = await remove({});
  assert.equal(anonymous.status, 401);
  assert.match(anonymous.headers.get('www-authenticate') ?? '', /^Basic realm="sylk\.test"/);
  assert.equal((await remove({ 'sec-fetch-dest': 'empty' })).headers.get('www-authenticate'), null);
  assert.equal((await remove(basic({ ...mine, password: 'wrong' }))).status, 401);
  assert.equal((await remove(basic(other))).status, 403);
  assert.equal((await remove(basic(mine))).status, 204);
  assert.equal((await remove(basic(mine))).status, 401);
});

test('guessing a password is stopped with 429', async () => {
  const target = await stage.mint();
  const guess = () =>
    ask('/api/calls/x', { headers: basic({ ...target, password: 'guess' }) }).then(({ status }) => status);
  for (let count = 0; count < 30; count += 1) assert.equal(await guess(), 401);
  assert.equal(await guess(), 429);
});

test('the ladder of a call is for the account that had it, as JSON or text', async () => {
  const alice = await stage.mint();
  const flow = { packetsIn: 245, packetsOut: 250, bytesIn: 40_000, bytesOut: 43_125, lostIn: 5, jitterMs: 3.25 };
  const ladder = {
    call: 'abc@host',
    from: alice.address,
    to: 'bob@example.org',
    cause: 'bob@example.org is busy',
    entries: [
      {
        at: Date.UTC(2026, 0, 31, 12, 0, 1, 5),
        from: 'gateway',
        to: 'sip',
        label: 'INVITE',
        detail: 'INVITE sip:bob\r\n',
      },
      { at: Date.UTC(2026, 0, 31, 12, 0, 2), from: 'media', to: 'media', label: 'ICE connected' },
    ],
    media: [
      { side: 'caller', kind: 'browser', samples: [{ at: Date.UTC(2026, 0, 31, 12, 0, 7), ms: 5_000, ...flow }] },
    ],
  };
  edge.answer = (command) => {
    const isKnown = command.kind === 'ladder' && command.session === 's1' && command.aor === alice.address;
    return { kind: 'done', id: command.id, ok: isKnown, ...(isKnown && { result: ladder }) };
  };
  const found = await ask('/api/calls/s1', { headers: basic(alice) });
  assert.equal(found.status, 200);
  assert.deepEqual(found.json, ladder);
  const text = await ask('/api/calls/s1', { headers: { ...basic(alice), accept: 'text/plain' } });
  assert.match(text.text, /^cause: bob@example\.org is busy$/m);
  assert.match(text.text, /^12:00:01\.005 {2}gateway {2}-> sip {7}INVITE$/m);
  assert.match(text.text, /^media of the caller \(browser\), until each time/m);
  assert.match(text.text, /^12:00:07\.000 +64 +2\.0 % +3\.3 +69 +-$/m);
  assert.equal((await ask('/api/calls/s2', { headers: basic(alice) })).status, 404);
  assert.equal((await ask('/api/calls/s1')).status, 401);
  edge.answer = ({ id }) => ({ kind: 'done', id, ok: true });
});

test('what a page must know', async () => {
  const { status, json } = await ask('/api/config');
  assert.equal(status, 200);
  assert.equal(json.domain, 'sylk.test');
  assert.equal(json.echo, 'echo@sylk.test');
  assert.equal((await ask('/api/nonsense')).status, 404);
  assert.equal((await ask('/api/%zz')).status, 400);
});

test('health places a call on each edge and remembers the result for a while', async () => {
  const sick = await SignalingStage.open();
  assert.equal((await ask('/readyz', {}, sick)).status, 503);
  const own = await sick.edge();
  assert.equal((await ask('/readyz', {}, sick)).status, 200);
  own.answer = ({ id }) => ({ kind: 'done', id, ok: true, result: { ok: true, setUpMs: 12, packetsBack: 50 } });
  const good = await ask('/healthz', {}, sick);
  assert.equal(good.status, 200);
  assert.deepEqual(good.json, {
    status: 'ok',
    store: { ok: true },
    edges: [{ edge: 'edge-1', ok: true, setUpMs: 12, packetsBack: 50 }],
  });
  await ask('/healthz', {}, sick);
  await own.receives('probe');
  assert.deepEqual(own.unread('probe'), []);
  await sick.close();
});

test('a probe that fails makes the gateway unhealthy', async () => {
  const sick = await SignalingStage.open();
  const own = await sick.edge();
  own.answer = ({ id }) => ({ kind: 'done', id, ok: true, result: { ok: false, error: 'no media came back' } });
  const { status, json } = await ask('/healthz', {}, sick);
  assert.equal(status, 503);
  assert.deepEqual(json.edges, [{ edge: 'edge-1', ok: false, error: 'no media came back' }]);
  await sick.close();
});

test('metrics count what happened', async () => {
  const client = await stage.client();
  await client.asks({ sylkrtc: 'ping' });
  client.send('nonsense');
  await client.rest();
  const { text, headers } = await ask('/metrics');
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  assert.match(text, /^sylk_requests_total\{request="ping",outcome="acknowledged"\} \d+$/m);
  assert.match(text, /^sylk_frames_ignored_total\{why="not-json"\} 1$/m);
  assert.match(text, /^sylk_connections \d+$/m);
  assert.match(text, /^sylk_edge_calls\{edge="edge-1"\} 0$/m);
  assert.equal((await ask('/metrics', { headers: { 'x-forwarded-for': '203.0.113.5' } })).status, 403);
});

test('the operator sees and changes addresses, calls and edges', async () => {
  const { address } = await stage.mint();
  const row = { call: 'call-1', from: 'a@x.org', to: 'b@x.org', state: 'established', sinceMs: 61_000 };
  const key = { aor: address, device: 'd', session: 's1' };
  edge.answer = ({ id, kind }) => ({
    kind: 'done',
    id,
    ok: true,
    ...(kind === 'list-calls' && { result: [{ ...row, key }] }),
  });
  assert.match(await stage.operator('GET', '/addresses'), new RegExp(address));
  assert.match(await stage.operator('GET', '/calls'), /call-1/);
  assert.equal(await stage.operator('POST', '/calls/call-1/end'), '');
  const end = await edge.receives('end');
  assert.deepEqual([end.key, end.reason], [key, '480 Ended by operator']);
  assert.match(await stage.operator('POST', '/calls/call-2/end'), /there is no call call-2/);
  assert.equal(await stage.operator('POST', '/edges/edge-1/drain'), '');
  await edge.receives('drain');
  assert.match(await stage.operator('POST', '/addresses/nobody/revoke'), /there is no address nobody to change/);
});
