import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { restMsAt } from './rest.ts';

describe('rest of a relay thread', () => {
  it('passes the packets of a few calls on at once', () => {
    assert.equal(restMsAt(0), 0);
    assert.equal(restMsAt(5 * 100), 0);
  });

  it('gathers the packets of many calls for no more than 5 ms', () => {
    assert.ok(restMsAt(25 * 100) > 0);
    assert.ok(restMsAt(100_000) <= 5);
  });
});
