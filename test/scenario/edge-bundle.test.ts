import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { probeOutcome } from '@sylk/protocol/edge/codec.ts';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import { aor, connectionId, deviceId } from '@sylk/protocol/ids.ts';
import { bundleEdge } from '../../infra/lib/bundle-edge.ts';
import { fixture } from '../../media-edge/src/sdp/fixtures.ts';
import { FakeLinkServer } from '../fakes/fake-link-server.ts';
import { freePort, mediaBlock } from '../peers/ports.ts';
import { PeerProcess } from '../peers/process.ts';

/** An edge as an image of the cloud runs it, with everything around it on this machine. */
const folder = mkdtempSync(join(tmpdir(), 'sylk-edge-'));
const posted: string[] = [];
const from = {
  connection: connectionId('browser='),
  device: deviceId('laptop'),
  aor: aor('alice@sylk.test'),
  epoch: 1,
  headerPrefixes: [],
};
let signaling: FakeLinkServer;
let browsers: Server;
let edge: PeerProcess;
let health: string;
/** So many of the next connections to the API are cut. */
let cuts = 0;

before(async () => {
  signaling = await FakeLinkServer.listen();
  browsers = createServer((request, response) => {
    if (cuts > 0) {
      cuts -= 1;
      request.socket.destroy();
      return;
    }
    let body = `${request.url} `;
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      posted.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => browsers.listen(0, '127.0.0.1', resolve));
  const [sipPort, metricsPort] = [await freePort(), await freePort()];
  health = `http://127.0.0.1:${metricsPort}`;
  const address = browsers.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await bundleEdge(join(import.meta.dirname, '../..'), join(folder, 'program'));
  const environment = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-central-1',
    SYLK_WORKER_BIN: process.env.SYLK_WORKER_BIN,
    SYLK_DATA_DIR: join(folder, 'data'),
    SYLK_EDGE_URL: signaling.url,
    SYLK_EDGE_TOKEN: 'a-secret-of-more-than-22-characters',
    SYLK_BROWSER_API: `http://127.0.0.1:${address.port}/v1`,
    SYLK_SIP_PORT: String(sipPort),
    SYLK_SIPS_PORT: 'none',
    SYLK_MEDIA_PORTS: (await mediaBlock()).text,
    SYLK_EDGE_METRICS_PORT: String(metricsPort),
    SYLK_DRAIN_SECONDS: '60',
  };
  const program = join(folder, 'program/edge.mjs');
  edge = new PeerProcess(process.execPath, [program], { cwd: folder, env: environment, name: 'edge' });
  await edge.says(/"ready":"edge"/, 20_000);
});

after(async () => {
  await edge?.stop('SIGKILL');
  await signaling?.close();
  browsers?.closeAllConnections();
  browsers?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until a frame with this in it was posted to the browser. */
const browserGot = async (part: string): Promise<void> => {
  const until = Date.now() + 10_000;
  while (!posted.some((frame) => frame.includes(part))) {
    if (Date.now() > until) throw new Error(`no ${part} was posted, but ${posted.join('\n')}`);
    await sleep(20);
  }
};

const asks = (command: EdgeCommand) => signaling.send(command);
const statusOf = async (path: string): Promise<number> => (await fetch(`${health}${path}`)).status;

test('the bundle carries media: a call to echo by its own SIP port comes back', async () => {
  asks({ kind: 'probe', id: 'probe-1', ttlMs: 10_000 });
  const [done] = await signaling.receives('done');
  assert.ok(done?.kind === 'done' && done.ok, JSON.stringify(done));
  assert.equal(probeOutcome(done.result).ok, true);
  assert.equal(await statusOf('/readyz'), 200);
});

test('frames go to the API of the browsers in their order, and nobody hears of what nobody waits for', async () => {
  const request = {
    sylkrtc: 'session-create',
    transaction: 't-1',
    session: 's-1',
    account: 'alice@sylk.test',
    uri: 'echo@sylk.test',
    sdp: fixture('chromium-audio-offer'),
  } as const;
  asks({ kind: 'request', id: 'c-1', ttlMs: 10_000, quiet: true, from, request });
  await browserGot('"state":"accepted"');
  assert.match(posted[0] ?? '', /^\/v1\/@connections\/browser%3D \{"sylkrtc":"ack","transaction":"t-1"\}$/);
  asks({ kind: 'request', id: 'c-2', ttlMs: 0, quiet: true, from, request: { ...request, transaction: 't-2' } });
  await browserGot('{"sylkrtc":"error","transaction":"t-2"');
  assert.equal(signaling.count('post'), 0);
  assert.equal(signaling.count('done'), 1);
});

test('told to end, it keeps its call, takes no other, and ends with it once all is told', async () => {
  edge.child.kill('SIGTERM');
  const drains = async () => {
    for (;;) {
      const renewals = await signaling.receives('renew');
      if (renewals.some((report) => report.kind === 'renew' && report.load.draining && report.load.calls === 1)) return;
      await sleep(50);
    }
  };
  await drains();
  assert.deepEqual([await statusOf('/readyz'), await statusOf('/healthz')], [503, 200]);
  await sleep(5_000);
  assert.ok(edge.isRunning);
  const exited = once(edge.child, 'exit');
  const request = { sylkrtc: 'session-terminate', transaction: 't-3', session: 's-1' } as const;
  cuts = 4;
  asks({ kind: 'request', id: 'c-3', ttlMs: 10_000, quiet: true, from, request });
  await browserGot('"state":"terminated"');
  assert.deepEqual(await exited, [0, null]);
});
