/** Which certificates SIP shows and believes, as the settings say. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readConfig } from '../../../media-edge/src/config.ts';
import { sipTls } from '../../../media-edge/src/main/sip-tls.ts';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import { silentLog } from '../../../media-edge/src/ports/log.ts';
import type { TlsIdentity, TlsSettings } from '../../../media-edge/src/sip/transport/tls.ts';
import { TlsAuthority } from '../../peers/tls-authority.ts';

const authority = new TlsAuthority();
const folder = mkdtempSync(join(tmpdir(), 'sylk-sip-tls-'));
after(() => {
  authority.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = (environment: Record<string, string>): TlsSettings | undefined =>
  sipTls(readConfig({ SYLK_DATA_DIR: folder, ...environment }, '/'), peerNetworks(['10.0.0.0/8']), silentLog);

test('no port, no TLS', () => assert.equal(settings({ SYLK_SIPS_PORT: 'none' }), undefined));

test('the certificate in the data folder is taken as soon as it is there', async () => {
  const tls = settings({});
  assert.equal(tls?.identity, undefined);
  const { promise, resolve } = Promise.withResolvers<TlsIdentity>();
  const stop = tls?.follow?.(resolve) ?? assert.fail();
  const { cert, key } = authority.issue({ names: ['a.test'] });
  writeFileSync(join(folder, 'tls-key.pem'), key);
  writeFileSync(join(folder, 'tls-cert.pem'), cert);
  assert.deepEqual(await promise, { cert, key });
  stop();
  assert.deepEqual(settings({})?.identity, { cert, key });
});

test('what an authority gave comes before what the machine made', () => {
  const { cert, key } = authority.issue({ names: ['b.test'] });
  writeFileSync(join(folder, 'acme-key.pem'), key);
  writeFileSync(join(folder, 'acme-cert.pem'), cert);
  assert.equal(settings({})?.identity?.cert, cert);
});

test("the operator's certificate has to fit its key", () => {
  const [one, other] = [authority.issue({ names: ['c.test'] }), authority.issue({ names: ['c.test'] })];
  const given = { SYLK_TLS_CERT: one.certFile, SYLK_TLS_KEY: one.keyFile };
  assert.equal(settings(given)?.identity?.cert, one.cert);
  assert.throws(() => settings({ ...given, SYLK_TLS_KEY: other.keyFile }), /SYLK_TLS_CERT is '.*that fits its key/);
});

test('authorities of the operator are believed beside, or instead of, those of the system', () => {
  const beside = settings({ SYLK_SIP_TLS_TRUST: `system,${authority.certFile}` });
  const alone = settings({ SYLK_SIP_TLS_TRUST: authority.certFile });
  const plain = settings({});
  assert.deepEqual([alone?.authorities.length, alone?.clientAuthorities?.length], [1, 1]);
  assert.equal(beside?.authorities.length, (plain?.authorities.length ?? 0) + 1);
  assert.deepEqual([beside?.clientAuthorities?.length, plain?.clientAuthorities], [1, undefined]);
  assert.throws(() => settings({ SYLK_SIP_TLS_TRUST: '/etc/hostname' }), /a file with certificates in PEM/);
  assert.throws(() => settings({ SYLK_SIP_TLS_TRUST: '/nowhere.pem' }), /a file that can be read/);
});

test('servers of peer networks may show anything only if the operator says so', () => {
  const lenient = settings({ SYLK_SIP_TLS_TRUST: 'system,peer-networks' });
  assert.deepEqual([lenient?.isLenient('10.1.2.3'), lenient?.isLenient('8.8.8.8')], [true, false]);
  assert.equal(settings({})?.isLenient('10.1.2.3'), false);
});
