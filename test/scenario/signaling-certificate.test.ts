import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { silentLog } from '../../functions/src/ports/log.ts';
import { FakeCertificateAuthority } from '../fakes/fake-certificate-authority.ts';
import { freePort } from '../peers/ports.ts';
import { SignalingStage } from './signaling-stage.ts';

const issuerAt = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().issuer.CN));
      socket.destroy();
    });
    socket.once('error', reject);
  });

test('a certificate comes from the authority, is used at once, and kept over a restart', async () => {
  const port = await freePort();
  const authority = await FakeCertificateAuthority.start(`http://127.0.0.1:${port}`);
  const settings = {
    SYLK_DOMAIN: 'sip.example.org',
    SYLK_ACME_EMAIL: 'admin@example.org',
    SYLK_HTTP_PORT: String(port),
  };
  const stage = await SignalingStage.open(settings, { acmeDirectoryUrl: authority.directoryUrl });
  await stage.until(async () => (await issuerAt(stage.signaling.httpsPort)) === 'Test CA');
  await stage.restart();
  assert.equal(await issuerAt(stage.signaling.httpsPort), 'Test CA');
  assert.equal(authority.signed, 1);
  assert.match(readFileSync(join(stage.folder, 'acme-cert.pem'), 'utf8'), /BEGIN CERTIFICATE/);
  await stage.close();
  authority.close();
});

test('while the authority refuses, the server goes on with its own certificate', async () => {
  const authority = await FakeCertificateAuthority.start('http://127.0.0.1:1');
  const settings = { SYLK_DOMAIN: 'sip.example.org', SYLK_ACME_EMAIL: 'admin@example.org' };
  const failed = Promise.withResolvers<string>();
  const log = { ...silentLog, error: (_: object, text: string) => failed.resolve(text) };
  const stage = await SignalingStage.open(settings, { acmeDirectoryUrl: authority.directoryUrl, log });
  assert.match(await failed.promise, /^no certificate was obtained/);
  assert.equal(await issuerAt(stage.signaling.httpsPort), 'sip.example.org');
  await stage.close();
  authority.close();
});

test('an authority certifies names only', async () => {
  const settings = { SYLK_DOMAIN: '192.0.2.7', SYLK_ACME_EMAIL: 'admin@example.org' };
  await assert.rejects(SignalingStage.open(settings), /SYLK_ACME_EMAIL is .* to go with a host name as SYLK_DOMAIN/);
});
