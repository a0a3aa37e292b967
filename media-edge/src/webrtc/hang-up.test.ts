import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMissed } from '../call/missed.ts';
import { causeOfHangUp, type Position } from './hang-up.ts';

const asked = (code?: number) => ({ kind: 'hangUp', why: 'asked', code }) as const;
const table: readonly (readonly [code: number | undefined, position: Position, cause: string])[] = [
  [undefined, { role: 'caller', isAnswered: false }, '487 by caller'],
  [undefined, { role: 'called', isAnswered: false }, '486 by callee'],
  [603, { role: 'called', isAnswered: false }, '603 by callee'],
  [603, { role: 'called', isAnswered: true }, '200 by callee'],
  [undefined, { role: 'caller', isAnswered: true }, '200 by caller'],
];
for (const [code, position, expected] of table) {
  test(`${position.role}, ${position.isAnswered ? 'answered' : 'ringing'}, code ${code ?? 'none'} ends with ${expected}`, () => {
    const cause = causeOfHangUp(asked(code), position);
    assert.equal(`${cause.code} by ${cause.by}`, expected);
  });
}

test('a person who declines has not missed the call, a device that is busy has', () => {
  const position = { role: 'called', isAnswered: false } as const;
  assert.equal(isMissed({ cause: causeOfHangUp(asked(), position), wasAnswered: false }), false);
  assert.equal(isMissed({ cause: causeOfHangUp(asked(486), position), wasAnswered: false }), true);
});

test('a client that went away, and media that did, say so', () => {
  const position = { role: 'caller', isAnswered: true } as const;
  assert.equal(causeOfHangUp({ kind: 'hangUp', why: 'clientGone' }, position).phrase, 'Connection lost');
  assert.equal(causeOfHangUp({ kind: 'hangUp', why: 'mediaLost' }, position).phrase, 'Media lost');
});
