import assert from 'node:assert/strict';
import { type Facts, facts, type OpenStore, presentAndGone } from './harness.ts';
import { later, now } from './samples.ts';

const rows = [{ call: 'c-1', from: 'alice@sylk.test', to: 'bob@sylk.test', state: 'established', sinceMs: 7 }];
const done = { kind: 'done', id: 'command-1', ok: true, result: rows } as const;
const refused = { kind: 'done', id: 'command-2', ok: false, error: 'no such call' } as const;

const commandResultsFacts: Facts = {
  'an answer is found by its id': async ({ store: { commandResults } }) => {
    assert.equal(await commandResults.find(done.id, now), undefined);
    await commandResults.put(done, later);
    await commandResults.put(refused, later);
    await commandResults.put(done, later);
    assert.deepEqual(await commandResults.find(done.id, now), done);
    assert.deepEqual(await commandResults.find(refused.id, now), refused);
  },
  'an old one is not': async (under) => {
    const { commandResults } = under.store;
    await commandResults.put(done, later);
    await presentAndGone(under, later, async () => assert.equal(await commandResults.find(done.id, later), undefined));
  },
};

export const commandResultsContract = (open: OpenStore) => facts('command results', open, commandResultsFacts);
