/** Media processes come and go; the edge stays. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { routerCodecs } from '../../media-edge/src/sdp/router-codecs.ts';
import { startMedia } from '../peers/media-rig.ts';
import { workerPids } from '../peers/process-children.ts';

let sfu: MediasoupSfu | undefined;

before(async () => {
  sfu = await startMedia(42_400, { workers: 2 });
});

after(() => sfu?.close());

test('a dead worker ends its routers and their transports, the others stay, and it is replaced on its port', async () => {
  assert.ok(sfu);
  const routers = await Promise.all(Array.from({ length: 4 }, () => sfu?.createRouter(routerCodecs({ lines: [] }))));
  const reasons: string[] = [];
  const transportReasons: string[] = [];
  for (const router of routers) {
    router?.onClosed((reason) => reasons.push(reason));
    (await router?.createBrowserTransport())?.onClosed((reason) => transportReasons.push(reason));
    (await router?.createPlainTransport({ address: '127.0.0.1', latch: true }))?.onClosed((reason) =>
      transportReasons.push(reason),
    );
  }
  const [pid] = workerPids();
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
  await until(() => reasons.length > 0);
  assert.deepEqual(reasons, ['media worker died', 'media worker died']);
  assert.deepEqual(
    transportReasons,
    Array.from({ length: 4 }, () => 'media worker died'),
  );
  const ports = new Set<number | undefined>();
  for (let tries = 0; tries < 100 && ports.size < 2; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const router = await sfu.createRouter(routerCodecs({ lines: [] }));
    ports.add((await router.createBrowserTransport()).candidates[0]?.port);
  }
  assert.deepEqual([...ports].toSorted(), [42_400, 42_401]);
});

test('a port that is taken is named', async () => {
  await assert.rejects(startMedia(42_400), /media worker cannot listen on port 42400/);
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  assert.ok(holds());
}
