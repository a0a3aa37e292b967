import assert from 'node:assert/strict';
import { entryKey, type HistoryEntry } from '../../../functions/src/ports/messages.ts';
import { countOf, type Facts, facts, type OpenStore } from './harness.ts';
import { alice, bob, now } from './samples.ts';

const key = entryKey('m1', 'outgoing', bob);
const entry = (change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  aor: alice,
  key,
  seq: 1,
  id: 'm1',
  contact: bob,
  direction: 'outgoing',
  contentType: 'text/plain',
  content: 'Good morning',
  timestamp: '2026-01-31T12:00:00Z',
  storedAt: now,
  state: 'pending',
  disposition: ['positive-delivery', 'display'],
  isRemoved: false,
  ...change,
});

const messagesFacts: Facts = {
  'an entry is claimed once; whoever comes second finds the first': async ({ store: { messages } }) => {
    assert.deepEqual(await messages.claim(entry()), entry());
    assert.deepEqual(await messages.claim(entry({ content: 'Good night', seq: 2 })), entry());
    assert.deepEqual(await messages.withId(alice, 'm1'), [entry()]);
    assert.deepEqual(await messages.withId(alice, 'm'), []);
    assert.deepEqual(await messages.withId(bob, 'm1'), []);
  },
  'a place is taken once, and by its key again': async ({ store: { messages } }) => {
    assert.equal(await messages.tail(alice), 0);
    const tries = ['a', 'b', 'c'].map((name) => () => messages.place(alice, 1, name));
    assert.equal(await countOf(true, tries), 1);
    assert.equal(await messages.tail(alice), 1);
    assert.equal(await messages.place(alice, 2, key), true);
    assert.equal(await messages.place(alice, 2, key), true);
    assert.equal(await messages.tail(alice), 2);
  },
  'an entry moves from where it is': async ({ store: { messages } }) => {
    await messages.claim(entry());
    assert.equal(await messages.move(alice, key, 1, 4), true);
    assert.equal(await messages.move(alice, key, 1, 5), false);
    assert.equal((await messages.claim(entry())).seq, 4);
  },
  'states only rise': async ({ store: { messages } }) => {
    await messages.claim(entry());
    assert.equal(await messages.raise(alice, key, 'delivered', ['display']), true);
    assert.equal(await messages.raise(alice, key, 'accepted', []), false);
    assert.equal(await messages.raise(alice, 'unknown', 'displayed', []), false);
    const [stored] = await messages.withId(alice, 'm1');
    assert.deepEqual([stored?.state, stored?.disposition], ['delivered', ['display']]);
  },
  'receipts that are wanted only become fewer': async ({ store: { messages } }) => {
    await messages.claim(entry({ state: 'received' }));
    await messages.settle(alice, key, []);
    await messages.settle(alice, key, ['display']);
    const [stored] = await messages.withId(alice, 'm1');
    assert.deepEqual([stored?.state, stored?.disposition], ['received', []]);
  },
  'a removed entry is empty, and rises no more': async ({ store: { messages } }) => {
    await messages.claim(entry());
    assert.equal(await messages.remove(alice, key), true);
    assert.equal(await messages.remove(alice, key), false);
    assert.equal(await messages.raise(alice, key, 'displayed', []), false);
    assert.deepEqual(await messages.claim(entry()), entry({ content: '', isRemoved: true }));
  },
  'pages come in order': async ({ store: { messages } }) => {
    for (const seq of [1, 2, 3]) {
      const id = `m${4 - seq}`;
      const made = entry({ seq, id, key: entryKey(id, 'outgoing', bob) });
      await messages.claim(made);
      await messages.place(alice, seq, made.key);
    }
    assert.deepEqual(
      (await messages.page(alice, 0, 2)).map(({ id }) => id),
      ['m3', 'm2'],
    );
    assert.deepEqual(
      (await messages.page(alice, 2, 2)).map(({ id }) => id),
      ['m1'],
    );
    assert.deepEqual(await messages.page(bob, 0, 2), []);
  },
  'marks only rise, each for itself': async ({ store: { messages } }) => {
    await messages.raiseMark(alice, bob, 'readUpTo', 7);
    await messages.raiseMark(alice, bob, 'readUpTo', 3);
    await messages.raiseMark(alice, bob, 'removedUpTo', 2);
    assert.deepEqual(await messages.marks(alice), [{ contact: bob, readUpTo: 7, removedUpTo: 2 }]);
    assert.deepEqual(await messages.marks(bob), []);
  },
  'the latest public key counts': async ({ store: { messages } }) => {
    assert.equal(await messages.publicKey(alice), undefined);
    await messages.setPublicKey(alice, 'one');
    await messages.setPublicKey(alice, 'two');
    assert.equal(await messages.publicKey(alice), 'two');
  },
};

export const messagesContract = (open: OpenStore) => facts('messages', open, messagesFacts);
