import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitFromInfo, infoFromDigit } from './dtmf-info.ts';

const relay = 'application/dtmf-relay';

const read: [string, string, string, { digit: string; durationMs: number } | undefined][] = [
  ['a relayed digit', relay, 'Signal=5\r\nDuration=250\r\n', { digit: '5', durationMs: 250 }],
  ['spaces and small letters', relay, 'signal= *\nduration = 160\n', { digit: '*', durationMs: 160 }],
  ['an event number', relay, 'Signal=11\r\nDuration=100', { digit: '#', durationMs: 100 }],
  ['a duration beyond reason', relay, 'Signal=a\r\nDuration=99999', { digit: 'A', durationMs: 6000 }],
  ['a duration that nobody hears', relay, 'Signal=1\r\nDuration=1', { digit: '1', durationMs: 40 }],
  ['no duration', relay, 'Signal=9', { digit: '9', durationMs: 160 }],
  ['a flash', relay, 'Signal=16\r\nDuration=160', undefined],
  ['no signal', relay, 'Duration=160', undefined],
  ['a bare digit', 'application/dtmf', '7\r\n', { digit: '7', durationMs: 160 }],
  ['a bare word', 'application/dtmf', '7;rm', undefined],
  ['another type', 'text/plain', '7', undefined],
];
for (const [name, type, body, digit] of read) {
  test(`${name} is ${digit === undefined ? 'no digit' : digit.digit}`, () =>
    assert.deepEqual(digitFromInfo(type, body), digit));
}

test('what we write, we read', () => {
  assert.deepEqual(digitFromInfo(relay, infoFromDigit({ digit: '#', durationMs: 120 })), {
    digit: '#',
    durationMs: 120,
  });
});
