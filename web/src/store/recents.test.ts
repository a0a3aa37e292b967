import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMemory } from '../../../test/fakes/fake-browser.ts';
import { Recents } from './recents.ts';
import type { Recent } from './snapshot.ts';

const recent = (at: number): Recent => ({
  uri: `${at}@example.org`,
  displayName: '',
  direction: 'missed',
  at,
  withVideo: false,
  durationMs: 0,
});

test('the newest come first, fifty are kept, and they are there at the next visit', () => {
  const memory = new FakeMemory();
  const recents = new Recents(memory);
  for (let at = 1; at <= 60; at++) recents.add(recent(at));
  recents.add(recent(30.5));
  assert.equal(recents.list.length, 50);
  assert.equal(recents.list[0]?.at, 60);
  assert.ok(recents.list.some(({ at }) => at === 30.5));
  assert.deepEqual(new Recents(memory).list, recents.list);
});

test('entries of another form are left out', () => {
  const memory = new FakeMemory();
  memory.write('sylk.recents', JSON.stringify([recent(1), { uri: 7 }, null, 'x']));
  assert.deepEqual(new Recents(memory).list, [recent(1)]);
});
