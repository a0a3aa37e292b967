import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { PeerHabits, peerName } from './peer-habits.ts';

test('a peer is known by user, host and port, whatever else its URI says', () => {
  assert.equal(peerName('sip:bob@Example.ORG:5070;transport=tcp'), 'bob@example.org:5070');
  assert.equal(peerName('bob@example.org'), 'bob@example.org');
});

test('what was learnt of a peer is kept for a day, and each thing on its own', async () => {
  const clock = new FakeClock();
  const habits = new PeerHabits(clock);
  assert.equal(habits.isPlain('bob'), false);
  habits.writes('bob', 'plain');
  habits.refusesTyping('bob');
  assert.ok(habits.isPlain('bob') && habits.isDeafToTyping('bob'));
  habits.writes('bob', 'cpim');
  assert.ok(!habits.isPlain('bob') && habits.isDeafToTyping('bob'));
  await clock.advance(24 * 60 * 60_000 + 1);
  assert.ok(!habits.isDeafToTyping('bob'));
});

test('no more than 2000 peers are remembered', () => {
  const habits = new PeerHabits(new FakeClock());
  for (let peer = 0; peer <= 2_000; peer++) habits.writes(`p${peer}`, 'plain');
  assert.equal(habits.isPlain('p0'), false);
  assert.equal(habits.isPlain('p1'), true);
});
