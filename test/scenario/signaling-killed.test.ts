import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import { FakeEdge } from '../fakes/fake-edge.ts';
import { RawClient } from '../fakes/raw-client.ts';
import { freePort } from '../peers/ports.ts';
import { PeerProcess } from '../peers/process.ts';

const root = join(import.meta.dirname, '../..');

const start = async (env: NodeJS.ProcessEnv): Promise<PeerProcess> => {
  const entry = join(root, 'functions/src/main-local.ts');
  const signaling = new PeerProcess(process.execPath, [entry], { env, name: 'signaling', cwd: root });
  await signaling.says(/"ready":"signaling"/, 20_000);
  return signaling;
};

const signIn = async (port: number, account: string, password: string): Promise<RawClient> => {
  const client = await RawClient.ready({ port });
  const reply = await client.asks({ sylkrtc: 'account-add', account, password, device: 'my-laptop' });
  assert.equal(reply, 'ack');
  return client;
};

test('signaling is killed in mid-call: the next one knows accounts and sessions, and tells whose connection is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sylk-killed-'));
  const [port, httpsPort] = [await freePort(), await freePort()];
  const ports = { SYLK_HTTP_PORT: String(port), SYLK_HTTPS_PORT: String(httpsPort) };
  const env = {
    PATH: process.env.PATH,
    SYLK_DOMAIN: 'sylk.test',
    SYLK_DATA_DIR: folder,
    SYLK_LOG_LEVEL: 'error',
    ...ports,
  };
  let signaling = await start(env);
  const edge = await FakeEdge.dial({ port, secret: readFileSync(join(folder, 'edge-token'), 'utf8') });
  const made = await fetch(`http://127.0.0.1:${port}/api/addresses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"lifetime":"temporary"}',
  });
  const minted = parseJson(await made.text());
  assert.ok(isJsonObject(minted));
  const [account, password, secret] = [String(minted.address), String(minted.password), 's'.repeat(32)];
  const client = await signIn(port, account, password);
  client.send({
    sylkrtc: 'session-create',
    session: 's1',
    account,
    uri: 'bob@example.org',
    sdp: 'v=0',
    resume: secret,
  });
  const { from } = await edge.receives('request');

  await signaling.stop('SIGKILL');
  signaling = await start(env);
  await edge.addSocket();
  assert.equal((await edge.receives('connection-lost')).connection, from.connection);
  assert.deepEqual(await edge.renew(), { lost: false });
  const next = await signIn(port, account, password);
  next.send({ sylkrtc: 'session-resume', account, session: 's1', secret, last_event: 0 });
  assert.equal((await edge.receives('resume')).from.epoch, 2);

  next.lose();
  edge.vanish();
  await signaling.stop();
  rmSync(folder, { recursive: true });
});
