import assert from 'node:assert/strict';
import { facts, type OpenStore } from './harness.ts';
import { now } from './samples.ts';

const quota = { kind: 'addresses', windowMs: 60_000, limit: 2 };

export const countersContract = (open: OpenStore) => {
  facts('quotas', open, {
    'the limit holds within a window, and tells when it ends': async ({ store: { quotas } }) => {
      assert.deepEqual(await quotas.take(quota, 'a', now), { granted: true });
      assert.deepEqual(await quotas.take(quota, 'a', now), { granted: true });
      assert.deepEqual(await quotas.take(quota, 'a', now + 15_000), { granted: false, retryAfterMs: 45_000 });
      assert.deepEqual(await quotas.take(quota, 'a', now + 60_000), { granted: true });
    },
    'keys and kinds are counted apart': async ({ store: { quotas } }) => {
      const once = { ...quota, limit: 1 };
      for (const [of, key] of [
        [once, 'a'],
        [once, 'b'],
        [{ ...once, kind: 'calls' }, 'a'],
      ] as const) {
        assert.deepEqual(await quotas.take(of, key, now), { granted: true });
      }
    },
    'looking does not count': async ({ store: { quotas } }) => {
      const once = { ...quota, limit: 1 };
      assert.deepEqual(await quotas.look(once, 'a', now), { granted: true });
      assert.deepEqual(await quotas.look(once, 'a', now), { granted: true });
      await quotas.take(once, 'a', now);
      assert.deepEqual(await quotas.look(once, 'a', now + 15_000), { granted: false, retryAfterMs: 45_000 });
      assert.deepEqual(await quotas.look(once, 'b', now), { granted: true });
      assert.deepEqual(await quotas.look(once, 'a', now + 60_000), { granted: true });
    },
    'a limit of 0 grants nothing': async ({ store: { quotas } }) => {
      assert.equal((await quotas.take({ ...quota, limit: 0 }, 'a', now)).granted, false);
    },
    'uses at once do not exceed the limit': async ({ store: { quotas } }) => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => quotas.take(quota, 'a', now)));
      assert.equal(answers.filter(({ granted }) => granted).length, 2);
    },
  });
  facts('nonces', open, {
    'one counts once, each kind for itself': async ({ store: { nonces } }) => {
      assert.equal(await nonces.use('link', 'n1', now + 1), true);
      assert.equal(await nonces.use('link', 'n1', now + 1), false);
      assert.equal(await nonces.use('other', 'n1', now + 1), true);
    },
  });
  facts('installation', open, {
    'the first value stays': async ({ store: { installation } }) => {
      assert.equal(await installation.settle('domain', 'example.org'), 'example.org');
      assert.equal(await installation.settle('domain', 'example.net'), 'example.org');
    },
  });
};
