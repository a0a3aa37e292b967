/** Media processes come and go; the edge stays. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { routerCodecs } from '../../media-edge/src/sdp/router-codecs.ts';
import { startMedia } from '../peers/media-rig.ts';
import { mediaBlock } from '../peers/ports.ts';
import { workerPids } from '../peers/process-children.ts';

const ports = await mediaBlock();
let sfu: MediasoupSfu | undefined;

before(async () => {
  sfu = await startMedia({ ports, workers: 2 });
});

after(() => sfu?.close());

test('a dead worker ends its routers and their transports; new ones are made on another, and it is replaced', async () => {
  assert.ok(sfu);
  const reasons: string[] = [];
  const note = (reason: string): number => reasons.push(reason);
  for (let calls = 0; calls < 3; calls += 1) {
    const router = await sfu.createRouter(routerCodecs({ lines: [] }));
    router.onClosed(note);
    (await router.createBrowserTransport()).onClosed(note);
    (await router.createPlainTransport({ address: '127.0.0.1', latch: true })).onClosed(note);
  }
  const first = await portOfNewRouter(sfu);
  const busy = workerPids()[first - ports.first];
  assert.ok(busy);
  process.kill(busy, 'SIGKILL');
  await until(() => reasons.length === 9);
  assert.deepEqual(new Set(reasons), new Set(['media worker died']));
  assert.equal(await portOfNewRouter(sfu), first === ports.first ? ports.first + 1 : ports.first);
  await until(() => workerPids().length === 2);
});

/** On which worker new calls are now. */
async function portOfNewRouter(on: MediasoupSfu): Promise<number> {
  const router = await on.createRouter(routerCodecs({ lines: [] }));
  const [candidate] = (await router.createBrowserTransport()).candidates;
  assert.ok(candidate);
  return candidate.port;
}

test('a port that is taken is named', async () => {
  const taken = await mediaBlock();
  const holder = await startMedia({ ports: taken });
  await assert.rejects(startMedia({ ports: taken }), new RegExp(`media worker cannot listen on port ${taken.first}`));
  holder.close();
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  assert.ok(holds());
}
