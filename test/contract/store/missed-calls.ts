import assert from 'node:assert/strict';
import type { MissedCall } from '../../../functions/src/ports/missed-calls.ts';
import { countOf, type Facts, facts, type OpenStore, presentAndGone } from './harness.ts';
import { alice, bob, later, now } from './samples.ts';

const missed = (change: Partial<MissedCall> = {}): MissedCall => ({
  aor: alice,
  seq: 1,
  report: 'r1',
  originator: { uri: 'bob@example.org', display_name: 'Bob' },
  at: now,
  ...change,
});
const move = { aor: alice, reader: 'laptop', from: undefined, to: 3, expiresAt: later };

const missedCallsFacts: Facts = {
  'newest first': async ({ store: { missedCalls } }) => {
    await missedCalls.append(missed());
    await missedCalls.append(missed({ seq: 2, report: 'r2', originator: { uri: 'carol@example.org' } }));
    const found = await missedCalls.newest(alice, 5);
    assert.deepEqual(
      found.map(({ seq }) => seq),
      [2, 1],
    );
    assert.deepEqual(found[1], missed());
    assert.equal((await missedCalls.newest(alice, 1)).length, 1);
    assert.deepEqual(await missedCalls.newest(bob, 5), []);
  },
  'a place in the journal is taken once; a repeated report finds its own': async ({ store: { missedCalls } }) => {
    const tries = ['r1', 'r2', 'r3'].map((report) => () => missedCalls.append(missed({ report })));
    assert.equal(await countOf(true, tries), 1);
    const [winner] = await missedCalls.newest(alice, 1);
    assert.equal(await missedCalls.append(missed({ report: winner?.report ?? '' })), true);
    assert.equal((await missedCalls.newest(alice, 5)).length, 1);
  },
  'a dropped one is gone': async ({ store: { missedCalls } }) => {
    await missedCalls.append(missed());
    await missedCalls.drop(alice, 1);
    await missedCalls.drop(alice, 1);
    assert.deepEqual(await missedCalls.newest(alice, 5), []);
  },
  'a mark moves from where it was read': async ({ store: { missedCalls } }) => {
    assert.equal(await missedCalls.toldUpTo(alice, 'laptop', now), undefined);
    assert.equal(await missedCalls.moveMark({ ...move, from: 1 }, now), false);
    assert.equal(await missedCalls.moveMark(move, now), true);
    assert.equal(await missedCalls.moveMark(move, now), false);
    assert.equal(await missedCalls.moveMark({ ...move, from: 3, to: 4 }, now), true);
    assert.equal(await missedCalls.toldUpTo(alice, 'laptop', now), 4);
    assert.equal(await missedCalls.toldUpTo(alice, 'phone', now), undefined);
  },
  'of several moves at once exactly one wins': async ({ store: { missedCalls } }) => {
    await missedCalls.moveMark(move, now);
    const tries = [4, 5, 6].map((to) => () => missedCalls.moveMark({ ...move, from: 3, to }, now));
    assert.equal(await countOf(true, tries), 1);
  },
  'an expired mark is absent': async (under) => {
    const { missedCalls } = under.store;
    await missedCalls.moveMark(move, now);
    await presentAndGone(under, later, async () => {
      assert.equal(await missedCalls.toldUpTo(alice, 'laptop', later), undefined);
      assert.equal(await missedCalls.moveMark({ ...move, from: 3, to: 4 }, later), false);
    });
    await missedCalls.moveMark(move, now);
    assert.equal(await missedCalls.moveMark({ ...move, to: 1, expiresAt: later + 1 }, later), true);
    assert.equal(await missedCalls.toldUpTo(alice, 'laptop', later), 1);
  },
};

export const missedCallsContract = (open: OpenStore) => facts('missed calls', open, missedCallsFacts);
