import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayPass, refreshAfterMs, retryAfterMs, usualTimes } from './when-again.ts';

describe('when a registration is tried again', () => {
  it('is refreshed when more than half of its life is over, and while there is time for a second try', () => {
    assert.deepEqual(
      [0, 0.999].map((random) => Math.round(refreshAfterMs(3600, random) / 1000)),
      [2160, 2879],
    );
  });

  it('waits longer after each failure, up to a limit', () => {
    const waits = [1, 2, 3, 9].map((failures) => retryAfterMs(failures, undefined, 1, usualTimes));
    assert.deepEqual(waits, [30_000, 60_000, 120_000, 1_800_000]);
    assert.equal(retryAfterMs(1, undefined, 0, usualTimes), 15_000);
  });

  it('waits as long as the provider asks, within reason', () => {
    const waits = [0, 120, 1_000_000].map((seconds) => retryAfterMs(1, seconds, 0, usualTimes));
    assert.deepEqual(waits, [1_000, 120_000, 3_600_000]);
  });

  it('goes on after what may pass, and not after what only people can change', () => {
    assert.deepEqual([408, 480, 500, 503, 504, 600].map(mayPass), Array(6).fill(true));
    assert.deepEqual([401, 403, 404, 407, 410, 604].map(mayPass), Array(6).fill(false));
  });
});
