import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneStates } from '../../../../test/fakes/phone-states.ts';
import { isNowTalkingTo } from './spent-text.ts';

test('the text in the field has served once somebody talks there', () => {
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ['bob@example.org', 'ringing', 'audio-call', true],
    ['sip:bob@example.org', 'ringing', 'audio-call', true],
    ['bob@example.org', 'calling', 'ringing', false],
    ['bob@example.org', 'ringing', 'ended-failed', false],
    ['bob@example.org', 'audio-call', 'held-by-me', false],
    ['carol', 'ringing', 'audio-call', false],
  ];
  for (const [text, before, after, expected] of rows) {
    const [from, to] = [phoneStates[before], phoneStates[after]];
    assert.ok(from && to);
    assert.equal(isNowTalkingTo(text, from.snapshot, to.snapshot), expected, `${text}: ${before} -> ${after}`);
  }
});
