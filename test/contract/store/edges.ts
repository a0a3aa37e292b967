import assert from 'node:assert/strict';
import { countOf, type Facts, facts, type OpenStore } from './harness.ts';
import { edge, greeting, later, now } from './samples.ts';

const load = { calls: 7, cpu: 0.5, draining: true };

const edgesFacts: Facts = {
  'an edge that said hello is alive': async ({ store: { edges } }) => {
    assert.equal(await edges.hello(greeting()), 5);
    assert.deepEqual(await edges.list(), [{ ...greeting(), status: 'alive' }]);
  },
  'a younger generation replaces the older, never the other way': async ({ store: { edges } }) => {
    await edges.hello(greeting());
    assert.equal(await edges.hello(greeting({ generation: 6 })), 6);
    assert.equal(await edges.hello(greeting()), 6);
    assert.equal(await edges.renew(edge, 5, load, now), false);
    assert.equal((await edges.list())[0]?.generation, 6);
  },
  'a renewal brings load and time': async ({ store: { edges } }) => {
    assert.equal(await edges.renew(edge, 5, load, now), false);
    await edges.hello(greeting());
    assert.equal(await edges.renew(edge, 5, load, later), true);
    assert.deepEqual(await edges.list(), [{ ...greeting({ load, renewedAt: later }), status: 'alive' }]);
  },
  'one caller alone declares it lost, and only with an old lease': async ({ store: { edges } }) => {
    await edges.hello(greeting());
    assert.equal(await edges.declareLost(edge, 5, now - 1), false);
    assert.equal(await edges.declareLost(edge, 4, now), false);
    const tries = [1, 2, 3].map(() => () => edges.declareLost(edge, 5, now));
    assert.equal(await countOf(true, tries), 1);
    assert.equal((await edges.list())[0]?.status, 'lost');
  },
  'a lost generation stays lost, a younger one lives': async ({ store: { edges } }) => {
    await edges.hello(greeting());
    await edges.declareLost(edge, 5, now);
    assert.equal(await edges.renew(edge, 5, load, later), false);
    assert.equal(await edges.hello(greeting({ renewedAt: later })), 5);
    assert.equal((await edges.list())[0]?.status, 'lost');
    await edges.hello(greeting({ generation: 6 }));
    assert.equal((await edges.list())[0]?.status, 'alive');
  },
  'only a lost one is forgotten': async ({ store: { edges } }) => {
    await edges.hello(greeting());
    await edges.forget(edge, 5);
    assert.equal((await edges.list()).length, 1);
    await edges.declareLost(edge, 5, now);
    await edges.forget(edge, 4);
    assert.equal((await edges.list()).length, 1);
    await edges.forget(edge, 5);
    assert.deepEqual(await edges.list(), []);
  },
};

export const edgesContract = (open: OpenStore) => facts('edges', open, edgesFacts);
