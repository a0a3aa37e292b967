import assert from 'node:assert/strict';
import { connectionId } from '@sylk/protocol/ids.ts';
import { maxEdgeSockets } from '@sylk/protocol/limits.ts';
import { countOf, type Facts, facts, type OpenStore } from './harness.ts';
import { edge, greeting, later, now } from './samples.ts';

const load = { calls: 7, cpu: 0.5, draining: true };

const edgesFacts: Facts = {
  'an edge that said hello is alive': async ({ store: { edges } }) => {
    assert.equal(await edges.hello(greeting()), 5);
    assert.deepEqual(await edges.list(), [{ ...greeting(), status: 'alive', sockets: [] }]);
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
    assert.deepEqual(await edges.list(), [{ ...greeting({ load, renewedAt: later }), status: 'alive', sockets: [] }]);
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
  'sockets are remembered newest last, each once, and not without end': async ({ store: { edges } }) => {
    await edges.hello(greeting());
    for (const socket of sockets) assert.equal(await edges.addSocket(edge, 5, socket), true);
    const [first = connectionId(''), ...others] = sockets;
    assert.deepEqual((await edges.list())[0]?.sockets, others);
    await edges.addSocket(edge, 5, others[0] ?? first);
    assert.equal((await edges.list())[0]?.sockets.length, maxEdgeSockets);
    assert.deepEqual(await edges.removeSocket(edge, first), (await edges.list())[0]?.sockets);
  },
  'a closed socket is forgotten, and what is left is told': async ({ store: { edges } }) => {
    const [one = connectionId(''), other = connectionId('')] = sockets;
    assert.deepEqual(await edges.removeSocket(edge, one), []);
    await edges.hello(greeting());
    await edges.addSocket(edge, 5, one);
    await edges.addSocket(edge, 5, other);
    assert.deepEqual(await edges.removeSocket(edge, one), [other]);
    assert.deepEqual(await edges.removeSocket(edge, one), [other]);
    assert.deepEqual(await edges.removeSocket(edge, other), []);
    assert.deepEqual((await edges.list())[0]?.sockets, []);
  },
  'sockets go with their generation': async ({ store: { edges } }) => {
    const [one = connectionId('')] = sockets;
    assert.equal(await edges.addSocket(edge, 5, one), false);
    await edges.hello(greeting());
    await edges.addSocket(edge, 5, one);
    await edges.renew(edge, 5, load, later);
    await edges.hello(greeting());
    assert.deepEqual((await edges.list())[0]?.sockets, [one]);
    await edges.hello(greeting({ generation: 6 }));
    assert.deepEqual((await edges.list())[0]?.sockets, []);
    assert.equal(await edges.addSocket(edge, 5, one), false);
  },
};

/** One more than are remembered. */
const sockets = Array.from({ length: maxEdgeSockets + 1 }, (_, index) => connectionId(`socket-${index}=`));

export const edgesContract = (open: OpenStore) => facts('edges', open, edgesFacts);
