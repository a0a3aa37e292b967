import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgeId } from '@sylk/protocol/ids.ts';
import { leaseLostMs } from '@sylk/protocol/limits.ts';
import type { EdgeRecord } from '../../ports/edges.ts';
import { EdgeDirectory } from './directory.ts';
import { pickEdge } from './pick.ts';

const edge = (name: string, change: Partial<EdgeRecord> = {}): EdgeRecord => ({
  edge: edgeId(name),
  generation: 1,
  version: '0.1.0',
  load: { calls: 0, cpu: 0, draining: false },
  renewedAt: 100_000,
  status: 'alive',
  ...change,
});

const stage = (records: readonly EdgeRecord[], startedAt = 0) => {
  const world = { now: startedAt, reads: 0 };
  const clock = { now: () => world.now, sleep: async () => undefined };
  const refuse = () => Promise.reject(new Error('only reads are expected'));
  const list = async () => {
    world.reads += 1;
    return records;
  };
  const edges = { list, hello: refuse, renew: refuse, declareLost: refuse, forget: refuse };
  return { world, directory: new EdgeDirectory(edges, clock) };
};

test('the store is asked at most every 3 s', async () => {
  const { world, directory } = stage([edge('a')]);
  await directory.list();
  world.now = 2_999;
  await directory.list();
  assert.equal(world.reads, 1);
  world.now = 3_000;
  await directory.list();
  assert.equal(world.reads, 2);
  directory.forget();
  await directory.list();
  assert.equal(world.reads, 3);
});

test('an edge is alive while its lease is good', async () => {
  const { world, directory } = stage([edge('a'), edge('b', { status: 'lost' })]);
  world.now = 100_000 + leaseLostMs - 1;
  assert.deepEqual(
    (await directory.alive()).map((record) => record.edge),
    ['a'],
  );
  world.now += 1;
  assert.deepEqual(await directory.alive(), []);
});

test('leases count from the start of the process at the earliest', async () => {
  const startedAt = 1_000_000;
  const { world, directory } = stage([edge('a')], startedAt);
  assert.equal(await directory.isAlive({ edge: edgeId('a'), generation: 1 }), true);
  assert.equal(await directory.isAlive({ edge: edgeId('a'), generation: 2 }), false);
  world.now = startedAt + leaseLostMs;
  assert.equal(await directory.isAlive({ edge: edgeId('a'), generation: 1 }), false);
});

const load = (calls: number, draining = false) => ({ load: { calls, cpu: 0, draining } });

for (const [picks, edges, linked] of [
  ['nothing', [], []],
  ['the one with the fewest calls', [edge('a', load(3)), edge('b', load(2))], ['a', 'b']],
  ['none that drains', [edge('a', load(0, true)), edge('b', load(9))], ['a', 'b']],
  ['a linked one', [edge('a', load(0)), edge('b', load(9))], ['b']],
  ['an unlinked one if there is no other', [edge('b', load(9))], []],
] as const) {
  test(`a new call goes to ${picks}`, () => {
    const found = pickEdge(edges, (id) => linked.some((name) => name === `${id}`));
    assert.equal(found?.edge, edges.length === 0 ? undefined : 'b');
  });
}
