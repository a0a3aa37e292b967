import assert from 'node:assert/strict';
import { type HistoryEntry, noteId } from '../../../functions/src/ports/messages.ts';
import { countOf, type Facts, facts, type OpenStore } from './harness.ts';
import { alice, bob, now } from './samples.ts';

const meant = { id: 'm1', direction: 'outgoing', contact: bob } as const;
const unknown = { ...meant, id: 'unknown' };
const entry = (change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  aor: alice,
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
    assert.deepEqual(await messages.find(alice, 'm1'), entry());
    assert.equal(await messages.find(alice, 'm'), undefined);
    assert.equal(await messages.find(bob, 'm1'), undefined);
  },
  'a place is taken once, and by its key again': async ({ store: { messages } }) => {
    assert.equal(await messages.tail(alice), 0);
    const tries = ['a', 'b', 'c'].map((name) => () => messages.place(alice, 1, name));
    assert.equal(await countOf(true, tries), 1);
    assert.equal(await messages.tail(alice), 1);
    assert.equal(await messages.place(alice, 2, 'm1'), true);
    assert.equal(await messages.place(alice, 2, 'm1'), true);
    assert.equal(await messages.tail(alice), 2);
  },
  'an entry moves from where it is': async ({ store: { messages } }) => {
    await messages.claim(entry());
    assert.equal(await messages.move(alice, 'm1', 1, 4), true);
    assert.equal(await messages.move(alice, 'm1', 1, 5), false);
    assert.equal((await messages.claim(entry())).seq, 4);
  },
  'states only rise': async ({ store: { messages } }) => {
    await messages.claim(entry());
    assert.equal(await messages.raise(alice, meant, 'delivered', ['display']), true);
    assert.equal(await messages.raise(alice, meant, 'accepted', []), false);
    assert.equal(await messages.raise(alice, unknown, 'displayed', []), false);
    const stored = await messages.find(alice, 'm1');
    assert.deepEqual([stored?.state, stored?.disposition], ['delivered', ['display']]);
  },
  'receipts that are wanted only become fewer': async ({ store: { messages } }) => {
    await messages.claim(entry({ state: 'received' }));
    await messages.settle(alice, meant, []);
    await messages.settle(alice, meant, ['display']);
    const stored = await messages.find(alice, 'm1');
    assert.deepEqual([stored?.state, stored?.disposition], ['received', []]);
  },
  'a removed entry is empty, and rises no more': async ({ store: { messages } }) => {
    await messages.claim(entry());
    assert.equal(await messages.remove(alice, meant), true);
    assert.equal(await messages.remove(alice, meant), false);
    assert.equal(await messages.raise(alice, meant, 'displayed', []), false);
    assert.deepEqual(await messages.claim(entry()), entry({ content: '', isRemoved: true }));
  },
  'a message is meant only if all of its names fit': async ({ store: { messages } }) => {
    await messages.claim(entry());
    for (const other of [
      { ...meant, direction: 'incoming' },
      { ...meant, contact: 'carol@example.org' },
    ] as const) {
      assert.equal(await messages.raise(alice, other, 'displayed', []), false);
      await messages.settle(alice, other, []);
      assert.equal(await messages.remove(alice, other), false);
    }
    assert.deepEqual(await messages.find(alice, 'm1'), entry());
  },
  'what only happened is in its place at once, and one of many gets it': async ({ store: { messages } }) => {
    const note = (token: string) => entry({ id: noteId(1, token), direction: '', state: undefined });
    const tries = ['a', 'b', 'c'].map((token) => () => messages.append(note(token)));
    assert.equal(await countOf(true, tries), 1);
    assert.equal(await messages.tail(alice), 1);
    const [stored] = await messages.page(alice, 0, 5);
    assert.ok(stored);
    assert.deepEqual(await messages.find(alice, stored.id), stored);
    assert.equal(await messages.find(alice, noteId(1, 'z')), undefined);
    const message = entry({ id: noteId(1, 'y'), seq: 2 });
    await messages.claim(message);
    await messages.place(alice, 2, message.id);
    assert.deepEqual(await messages.find(alice, message.id), message);
    assert.deepEqual(await messages.page(alice, 0, 5), [stored, message]);
  },
  'pages come in order': async ({ store: { messages } }) => {
    for (const seq of [1, 2, 3]) {
      const id = `m${4 - seq}`;
      await messages.claim(entry({ seq, id }));
      await messages.place(alice, seq, id);
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
