import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, SettingError } from './config.ts';

const read = (environment: Record<string, string>) => readConfig(environment, '/checkout');

test('none is needed', () => {
  const config = read({ PATH: '/bin' });
  assert.equal(config.httpPort, 8080);
  assert.equal(config.dataDir, '/checkout/data');
  assert.deepEqual(config.webOrigins, []);
});

test('an empty value counts as absent', () => {
  assert.equal(read({ SYLK_HTTP_PORT: '' }).httpPort, 8080);
});

test('the domain is kept in lower case', () => {
  assert.equal(read({ SYLK_DOMAIN: 'Sip.Example.org' }).domain, 'sip.example.org');
});

for (const [name, value] of [
  ['SYLK_DOMAIN', 'alice@example.org'],
  ['SYLK_DOMAIN', 'example.org:5060'],
  ['SYLK_HTTP_PORT', '70000'],
  ['SYLK_HTTP_PORT', '8080x'],
  ['SYLK_HTTP_ADDRESS', 'localhost'],
  ['SYLK_WEB_ORIGINS', 'www.example.org'],
  ['SYLK_EDGE_TOKEN', 'short'],
  ['SYLK_PEER_NETWORKS', '192.0.2.0/40'],
  ['SYLK_PEER_NETWORKS', '192.0.2.0'],
  ['SYLK_LOG_LEVEL', 'loud'],
  ['SYLK_CALLS_PER_MINUTE', '0'],
  ['SYLK_TLS_CERT', '/etc/cert.pem'],
  ['SYLK_HTPP_PORT', '80'],
] as const) {
  test(`${name}=${value} is refused by name`, () => {
    assert.throws(
      () => read({ [name]: value }),
      (error) => error instanceof SettingError && error.message.includes(name.slice(0, 8)),
    );
  });
}
