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
  sockets: [],
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
  const writes = { hello: refuse, renew: refuse, declareLost: refuse, forget: refuse };
  const edges = { list, ...writes, addSocket: refuse, removeSocket: refuse };
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
    const found = pickEdge(
      edges,
      ({ edge: id }) => linked.some((name) => name === `${id}`),
      () => 0,
    );
    assert.equal(found?.edge, edges.length === 0 ? undefined : 'b');
  });
}

/** Draws these numbers one after another. */
const draws = (...numbers: readonly number[]) => {
  const left = [...numbers];
  return () => left.shift() ?? 0;
};

const fleet = [5, 1, 4, 3].map((calls, index) => edge(`edge-${index}`, load(calls)));

for (const [numbers, picked] of [
  [[0, 0], 'edge-1'],
  [[2, 0], 'edge-3'],
  [[3, 2], 'edge-3'],
  [[2, 1], 'edge-2'],
] as const) {
  test(`of a fleet, the draw ${numbers.join(' and ')} gives ${picked}`, () => {
    assert.equal(pickEdge(fleet, () => true, draws(...numbers))?.edge, picked);
  });
}

test('calls spread over a fleet whose loads are not news', () => {
  const seen = new Map<string, number>();
  for (let call = 0; call < 4000; call += 1) {
    const picked = pickEdge(
      fleet,
      () => true,
      (limit) => Math.floor(Math.random() * limit),
    );
    seen.set(`${picked?.edge}`, (seen.get(`${picked?.edge}`) ?? 0) + 1);
  }
  // The least loaded wins each of its draws, which is half of all; the most loaded none.
  assert.ok(Math.abs((seen.get('edge-1') ?? 0) - 2000) < 200);
  assert.equal(seen.get('edge-0'), undefined);
});
