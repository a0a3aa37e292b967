import assert from 'node:assert/strict';
import { test } from 'node:test';
import { persistently, type Try } from './persistence.ts';

/** Gives these results one after another. */
const attempts = (...results: readonly Try<string>[]) => {
  const world = { made: 0 };
  const attempt = async () => results[world.made++] ?? { outcome: 'too many tries' };
  return { world, attempt };
};

const passing = { failure: new Error('busy'), isWorthAnother: true };
const final = { failure: new Error('forbidden'), isWorthAnother: false };

test('what passes is tried again', async () => {
  const { world, attempt } = attempts(passing, passing, { outcome: 'sent' });
  assert.equal(await persistently(attempt, { tries: 5, pauseMs: 1 }), 'sent');
  assert.equal(world.made, 3);
});

test('what does not pass is not', async () => {
  const { world, attempt } = attempts(final, { outcome: 'sent' });
  await assert.rejects(persistently(attempt, { tries: 5, pauseMs: 1 }), /forbidden/);
  assert.equal(world.made, 1);
});

test('there is an end to it', async () => {
  const { world, attempt } = attempts(passing, passing, passing, { outcome: 'sent' });
  await assert.rejects(persistently(attempt, { tries: 3, pauseMs: 1 }), /busy/);
  assert.equal(world.made, 3);
});
