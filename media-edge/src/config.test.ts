import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, SettingError } from './config.ts';

test('nothing needs to be set', () => {
  const config = readConfig({ PATH: '/bin', SYLK_DOMAIN: '' }, '/opt/sylk');
  assert.deepEqual(
    [config.edgeUrl, config.sipPort, config.mediaPorts, config.dataDir, config.logLevel],
    ['ws://127.0.0.1:8080/edge/v1', 5060, { first: 40_000, last: 49_999 }, '/opt/sylk/data', 'info'],
  );
});

test('the link goes where signaling listens, unless it is told otherwise', () => {
  assert.equal(
    readConfig({ SYLK_HTTP_PORT: '8400', SYLK_HTTP_ADDRESS: '::1' }, '/').edgeUrl,
    'ws://[::1]:8400/edge/v1',
  );
  assert.equal(readConfig({ SYLK_HTTP_ADDRESS: '0.0.0.0' }, '/').edgeUrl, 'ws://127.0.0.1:8080/edge/v1');
  assert.equal(readConfig({ SYLK_EDGE_URL: 'wss://x.example/edge/v1' }, '/').edgeUrl, 'wss://x.example/edge/v1');
});

const wrong: readonly (readonly [name: string, value: string, says: RegExp])[] = [
  ['SYLK_SIP_PORT', '70000', /SYLK_SIP_PORT is '70000', expected a port/],
  ['SYLK_SIPS_PORT', '0', /SYLK_SIPS_PORT is '0', expected a port from 1 to 65535, or 'none'/],
  ['SYLK_SIP_TLS_TRUST', 'everybody', /expected a list separated by commas of 'system'/],
  ['SYLK_TLS_CERT', '/c.pem', /SYLK_TLS_KEY is '', expected a file, because SYLK_TLS_CERT is given/],
  ['SYLK_TLS_KEY', '/k.pem', /SYLK_TLS_CERT is '', expected a file, because SYLK_TLS_KEY is given/],
  ['SYLK_MEDIA_PORTS', '40000', /expected a range of at least 10 ports/],
  ['SYLK_MEDIA_PORTS', '40000-40005', /expected a range/],
  ['SYLK_PEER_NETWORKS', '10.0.0.0/99', /expected networks/],
  ['SYLK_EDGE_URL', 'http://x', /expected a URL such as wss:/],
  ['SYLK_EDGE_TOKEN', 'short', /at least 22 characters/],
  ['SYLK_SIP_PROXY', 'not a uri', /expected a SIP URI/],
  ['SYLK_SIP_SRTP', 'yes', /expected off, optional or required/],
  ['SYLK_SIP_CODECS', 'PCMU,GSM', /of opus, G722, PCMU, PCMA, H264, VP8/],
  ['SYLK_SIP_CODECS', 'PCMU,PCMU', /expected codecs separated by commas/],
  ['SYLK_SIP_CODECS', 'H264', /one of them for sound/],
  ['SYLK_CALL_DOMAINS', '*.example.org', /expected '\*', 'none', or domains/],
  ['SYLK_CALL_MINUTES', '0', /minutes from 1 to 10080/],
  ['SYLK_CALLS_PER_ACCOUNT', 'many', /calls from 1 to 10000/],
  ['SYLK_CALLS_PER_SOURCE', '-1', /calls from 1 to 10000/],
  ['SYLK_CALLS_PER_EDGE', '1000000', /calls from 1 to 100000/],
  ['SYLK_SIP_DIGEST', 'sha1', /expected md5, sha-256 or both/],
  ['SYLK_PUBLIC_ADDRESS', 'example.org', /IPv4 or IPv6/],
  ['SYLK_LOG_LEVEL', 'loud', /fatal, error/],
  ['SYLK_SIPPORT', '5060', /SYLK_SIPPORT is no setting; there are SYLK_DOMAIN/],
];

for (const [name, value, says] of wrong) {
  test(`${name}=${value} is refused in words`, () => {
    assert.throws(
      () => readConfig({ [name]: value }, '/'),
      (error) => error instanceof SettingError && says.test(error.message),
    );
  });
}

test('peers may be kept to the public Internet', () => {
  assert.deepEqual(readConfig({ SYLK_PEER_NETWORKS: 'none' }, '/').peerNetworks, []);
  assert.equal(readConfig({}, '/').peerNetworks, undefined);
});

test('TLS has the port above that of SIP, another one, or none', () => {
  const portOf = (settings: Record<string, string>) => readConfig(settings, '/').sipsPort;
  assert.equal(portOf({}), 5061);
  assert.equal(portOf({ SYLK_SIP_PORT: '6000' }), 6001);
  assert.equal(portOf({ SYLK_SIPS_PORT: '443' }), 443);
  assert.equal(portOf({ SYLK_SIPS_PORT: 'none' }), undefined);
});

test('whose certificates are believed is chosen in words', () => {
  const trust = (text: string) => readConfig({ SYLK_SIP_TLS_TRUST: text }, '/').tlsTrust;
  assert.deepEqual(readConfig({}, '/').tlsTrust, { isSystem: true, files: [], isLenientToPeers: false });
  assert.deepEqual(trust('system, peer-networks'), { isSystem: true, files: [], isLenientToPeers: true });
  assert.deepEqual(trust('/etc/ca.pem'), { isSystem: false, files: ['/etc/ca.pem'], isLenientToPeers: false });
});
