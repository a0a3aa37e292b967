import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readIdentity, selfMadeIdentity, watchIdentity } from './tls-identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sylk-tls-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = ['sylk.test', 'localhost', '192.0.2.7', '2001:db8::7'];

test('a self-made certificate is for all names and kept', async () => {
  const made = await selfMadeIdentity(folder, names);
  const certificate = new X509Certificate(made.cert);
  assert.equal(certificate.checkHost('sylk.test'), 'sylk.test');
  assert.equal(certificate.checkIP('192.0.2.7'), '192.0.2.7');
  assert.notEqual(certificate.checkIP('2001:db8::7'), undefined);
  assert.deepEqual(await selfMadeIdentity(folder, names), made);
  assert.equal(statSync(join(folder, 'tls-key.pem')).mode & 0o777, 0o600);
});

test('it is made anew when it lacks a name', async () => {
  const made = await selfMadeIdentity(folder, names);
  const anew = await selfMadeIdentity(folder, [...names, '192.0.2.8']);
  assert.notEqual(anew.cert, made.cert);
  assert.deepEqual(await selfMadeIdentity(folder, names), anew);
});

test("the operator's files are read again when they change", async () => {
  const [certFile, keyFile] = [join(folder, 'tls-cert.pem'), join(folder, 'tls-key.pem')];
  await selfMadeIdentity(folder, names);
  const files = { certFile, keyFile };
  const { promise, resolve } = Promise.withResolvers<void>();
  const unwatch = watchIdentity(files, () => resolve(), 20);
  await new Promise((done) => setTimeout(done, 60));
  writeFileSync(certFile, readIdentity(certFile, keyFile).cert);
  // Watching does not keep a process alive.
  const alive = setInterval(() => undefined, 1000);
  await promise;
  clearInterval(alive);
  unwatch();
});
