import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { buildWebAssets } from '../../functions/src/adapters/local/web-assets.ts';
import { SignalingStage } from './signaling-stage.ts';

const files = {
  'page/index.html': '<link rel="stylesheet" href="/page.css"><script type="module" src="/main.js"></script>',
  'page/main.ts': "import { name } from '../client/index.ts'; document.title = name;",
  'page/page.css': 'body { color: red; }',
  'client/index.ts': "export const name: string = 'library';",
  'elements/sylk-phone.ts': "import { name } from '../client/index.ts'; globalThis.name = 'element of ' + name;",
  'elements/messages/de.ts': "export const de: string = 'words of the library';",
  'elements/messages/en.ts': "export const en: string = 'in the element';",
};

let stage: SignalingStage;
const web = mkdtempSync(join(tmpdir(), 'sylk-web-'));
before(async () => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(web, path, '..'), { recursive: true });
    writeFileSync(join(web, path), content);
  }
  stage = await SignalingStage.open({}, { assets: await buildWebAssets(web) });
});
after(async () => {
  await stage.close();
  rmSync(web, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${stage.origin}${path}`, { headers });

test('the page names its script and style by their content', async () => {
  const response = await get('/');
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(response.headers.get('cache-control'), 'no-cache');
  const html = await response.text();
  assert.match(html, /href="\/page-[A-Z0-9]{8}\.css"/);
  const script = /src="(\/main-[A-Z0-9]{8}\.js)"/.exec(html)?.[1] ?? '';
  const found = await get(script);
  assert.equal(found.status, 200);
  assert.equal(found.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.match(await found.text(), /document\.title/);
});

test('any other path is the page, a missing file is not', async () => {
  const page = await (await get('/')).text();
  assert.equal(await (await get('/call/alice@example.org')).text(), page);
  assert.equal(await (await get('/call/alice@example.js')).text(), page);
  assert.equal((await get('/main-GONE0000.js')).status, 404);
  assert.equal((await fetch(`${stage.origin}/`, { method: 'POST' })).status, 405);
});

test('push tokens are shown to nobody, whatever secret is tried: there is only the page', async () => {
  const page = await (await get('/')).text();
  for (const authorization of ['', 'secret', 'Apikey secret']) {
    const headers = { authorization };
    assert.equal(await (await get('/tokens/alice@sylk.test', headers)).text(), page);
    const removal = await fetch(`${stage.origin}/tokens/alice@sylk.test/t-1`, { method: 'DELETE', headers });
    assert.equal(removal.status, 405);
  }
  assert.equal(await stage.operator('GET', '/tokens/alice@sylk.test'), 'not found\n');
});

test('the element and the library may be used by other sites', async () => {
  for (const path of ['/sylk-phone.js', '/sylkrtc.js', '/messages-de.js']) {
    const response = await get(path);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.match(await response.text(), /library/);
  }
  assert.equal((await get('/messages-en.js')).status, 200);
});

test('a file that the browser has is not sent again', async () => {
  const etag = (await get('/sylk-phone.js')).headers.get('etag') ?? '';
  assert.equal((await get('/sylk-phone.js', { 'if-none-match': etag })).status, 304);
});

test('files are compressed as the browser can read them', async () => {
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ] as const) {
    const response = await get('/sylk-phone.js', { 'accept-encoding': accepted });
    assert.equal(response.headers.get('content-encoding'), encoding);
    assert.match(await response.text(), /element of/);
  }
});

test('the page may load, run and reach nothing but its own', async () => {
  const { headers } = await get('/');
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.match(policy, new RegExp(`connect-src 'self' ws://127\\.0\\.0\\.1:${stage.port} wss://`));
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.match(headers.get('permissions-policy') ?? '', /microphone=\(self\)/);
});

test('the same is served over TLS with a certificate made here', async () => {
  const { httpsPort } = stage.signaling;
  const options = { host: '127.0.0.1', port: httpsPort, path: '/api/config', rejectUnauthorized: false };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(options, (response) => resolve(text(response)))
    .once('error', reject)
    .end();
  assert.match(await promise, new RegExp(`"httpsPort":${httpsPort}`));
});

test('a page that could not be built is explained, the rest works', async () => {
  const plain = await SignalingStage.open();
  const response = await fetch(`${plain.origin}/`);
  assert.equal(response.status, 503);
  assert.match(await response.text(), /could not be built/);
  await plain.mint();
  await plain.close();
});
