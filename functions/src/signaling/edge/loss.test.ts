import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import { leaseLostMs } from '@sylk/protocol/limits.ts';
import { SignalingCore } from '../../../../test/fakes/signaling-core.ts';
import { sweepEdges } from './loss.ts';

const [first, second] = [edgeId('edge-a'), edgeId('edge-b')];
const load = { calls: 1, cpu: 0, draining: false };

let core: SignalingCore;
beforeEach(() => {
  core = new SignalingCore();
});
afterEach(() => core.close());

const comes = (edge: EdgeId) =>
  core.store.edges.hello({ edge, generation: 1, version: '0.1.0', load, renewedAt: core.now });
const lost = async () => {
  await sweepEdges(core.services);
  const edges = await core.store.edges.list();
  return edges.filter(({ status }) => status === 'lost').map(({ edge }) => edge);
};

test('an edge alone is lost when its lease has run out', async () => {
  await comes(first);
  core.now += leaseLostMs - 1;
  assert.deepEqual(await lost(), []);
  core.now += 1;
  assert.deepEqual(await lost(), [first]);
});

test('one of two is lost at once, when the other is heard', async () => {
  await comes(first);
  await comes(second);
  core.now += leaseLostMs;
  await core.store.edges.renew(second, 1, load, core.now);
  assert.deepEqual(await lost(), [first]);
});

test('a fleet that is silent all at once gets until 30 s to be heard', async () => {
  await comes(first);
  await comes(second);
  core.now += 29_999;
  assert.deepEqual(await lost(), []);
  await core.store.edges.renew(second, 1, load, core.now);
  assert.deepEqual(await lost(), [first]);
  core.now += leaseLostMs;
  assert.deepEqual(await lost(), [first, second]);
});

test('a fleet that stays silent is lost', async () => {
  await comes(first);
  await comes(second);
  core.now += 30_000;
  assert.deepEqual(await lost(), [first, second]);
});

test('an edge that drained is expected to end, others are not', async () => {
  let losses = 0;
  const observer = { ...core.services.observer, edgeLost: () => void losses++ };
  for (const [draining, expected] of [
    [true, 0],
    [false, 1],
  ] as const) {
    await core.store.edges.hello({
      edge: first,
      generation: core.now,
      version: '0.1.0',
      load: { ...load, draining },
      renewedAt: core.now,
    });
    core.now += leaseLostMs;
    await sweepEdges({ ...core.services, observer });
    assert.equal(losses, expected);
  }
});
