import assert from 'node:assert/strict';
import { test } from 'node:test';
import { legId } from '@sylk/protocol/ids.ts';
import type { Accepted, LegEvent } from './call-leg.ts';
import { causeOf, normalEnd } from './end-cause.ts';
import type { Source } from './media.ts';
import { type CallState, newCall, next } from './state.ts';
import type { CallEffect, CallInput } from './steps.ts';

const [one, two] = [legId('one'), legId('two')];
const opus = { mimeType: 'audio/opus', clockRate: 48000, channels: 2, payloadType: 111, parameters: {} };
const source = (producerId: string): Source => ({ kind: 'audio', producerId, codec: opus });
const accepted = (id: string): Accepted => ({
  answer: { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [opus] }] },
  sources: [source(id)],
});
const offer = accepted('x').answer;

const fromA = (event: LegEvent): CallInput => ({ kind: 'fromA', event });
const fromOne = (event: LegEvent): CallInput => ({ kind: 'fromB', leg: one, event });
const fromTwo = (event: LegEvent): CallInput => ({ kind: 'fromB', leg: two, event });
const ended = (code: number): LegEvent => ({ kind: 'ended', cause: causeOf(code, 'callee') });
const dialled: CallInput = { kind: 'dialled', legs: [one, two], ringMs: 1000 };

/** States that the rows below start from, by the inputs that lead to them. */
const paths: Record<string, readonly CallInput[]> = {
  routing: [],
  calling: [dialled],
  alerting: [dialled, fromOne({ kind: 'ringing' })],
  early: [dialled, fromOne({ kind: 'early', ...accepted('e') })],
  oneLeft: [dialled, fromTwo(ended(486))],
  talking: [dialled, fromOne({ kind: 'answered', ...accepted('b') })],
  updatingByA: [dialled, fromOne({ kind: 'answered', ...accepted('b') }), fromA({ kind: 'updateOffered', offer })],
  over: [{ kind: 'end', cause: causeOf(404, 'gateway') }],
};

const table: readonly (readonly [
  from: string,
  what: string,
  input: CallInput,
  to: string,
  effects: readonly string[],
])[] = [
  ['routing', 'dialled', dialled, 'calling', ['start one', 'start two', 'arm ring']],
  ['routing', 'refused', { kind: 'end', cause: causeOf(404, 'gateway') }, 'over', ['end a 404', 'over 404']],
  ['routing', 'A hangs up', fromA(ended(487)), 'over', ['over 487']],
  ['calling', 'B tries', fromOne({ kind: 'trying', code: 183 }), 'calling', ['trying 183']],
  ['calling', 'B rings', fromOne({ kind: 'ringing' }), 'calling', ['ring']],
  ['alerting', 'the other rings too', fromTwo({ kind: 'ringing' }), 'calling', []],
  [
    'calling',
    'B has early media',
    fromOne({ kind: 'early', ...accepted('e') }),
    'calling',
    ['ring early', 'connect a e'],
  ],
  [
    'early',
    'A made its sources',
    fromA({ kind: 'sourcesChanged', sources: [source('a')] }),
    'calling',
    ['connect one a'],
  ],
  ['early', 'early media of another', fromTwo({ kind: 'early', ...accepted('f') }), 'calling', []],
  ['early', 'a digit of A', fromA({ kind: 'dtmf', digit: '5', durationMs: 100 }), 'calling', ['dtmf one 5']],
  ['calling', 'a digit with nobody there', fromA({ kind: 'dtmf', digit: '5', durationMs: 100 }), 'calling', []],
  ['calling', 'one more device', { kind: 'added', leg: legId('three') }, 'calling', ['start three']],
  ['calling', 'one is busy', fromOne(ended(486)), 'calling', []],
  ['oneLeft', 'the last fails', fromOne(ended(480)), 'over', ['disarm ring', 'end a 486', 'over 486']],
  [
    'calling',
    'one declines for all',
    fromOne(ended(603)),
    'over',
    ['disarm ring', 'end a 603', 'end two 603', 'over 603'],
  ],
  [
    'calling',
    'rung out',
    { kind: 'timeUp', timer: 'ring' },
    'over',
    ['disarm ring', 'end a 408', 'end one 408', 'end two 408', 'over 408'],
  ],
  ['calling', 'A cancels', fromA(ended(487)), 'over', ['disarm ring', 'end one 487', 'end two 487', 'over 487']],
  [
    'calling',
    'one answers',
    fromOne({ kind: 'answered', ...accepted('b') }),
    'talking',
    ['disarm ring', 'won one', 'accept', 'connect a b', 'end two 200'],
  ],
  ['calling', 'A offers a change', fromA({ kind: 'updateOffered', offer }), 'calling', ['refuse a']],
  [
    'talking',
    'A made its sources',
    fromA({ kind: 'sourcesChanged', sources: [source('a')] }),
    'talking',
    ['connect one a'],
  ],
  ['talking', 'B re-attached', fromOne({ kind: 'sourcesChanged', sources: [source('c')] }), 'talking', ['connect a c']],
  ['talking', 'the loser answers late', fromTwo({ kind: 'answered', ...accepted('x') }), 'talking', ['end two 200']],
  ['talking', 'the loser ends', fromTwo(ended(487)), 'talking', []],
  ['talking', 'a device signs in late', { kind: 'added', leg: two }, 'talking', ['end two 200']],
  ['talking', 'A holds', fromA({ kind: 'held', isHeld: true }), 'talking', ['hold one true']],
  ['talking', 'B resumes', fromOne({ kind: 'held', isHeld: false }), 'talking', ['hold a false']],
  ['talking', 'a digit of B', fromOne({ kind: 'dtmf', digit: '#', durationMs: 90 }), 'talking', ['dtmf a #']],
  ['talking', 'B takes little', fromOne({ kind: 'capacity', bps: 300 }), 'talking', ['limit a 300']],
  ['talking', 'A offers a change', fromA({ kind: 'updateOffered', offer }), 'talking', ['arm update', 'offer one']],
  [
    'updatingByA',
    'B answers it',
    { kind: 'updateAnswered', to: 'b', accepted: accepted('b2') },
    'talking',
    ['disarm update', 'answer a'],
  ],
  ['updatingByA', 'B refuses it', { kind: 'updateRefused', to: 'b' }, 'talking', ['disarm update', 'refuse a']],
  ['updatingByA', 'B offers one too', fromOne({ kind: 'updateOffered', offer }), 'talking', ['refuse one']],
  ['updatingByA', 'no answer in time', { kind: 'timeUp', timer: 'update' }, 'talking', ['abandon one', 'refuse a']],
  [
    'talking',
    'an answer that nobody waits for',
    { kind: 'updateAnswered', to: 'b', accepted: accepted('z') },
    'talking',
    [],
  ],
  [
    'talking',
    'A hangs up',
    fromA({ kind: 'ended', cause: normalEnd('caller') }),
    'over',
    ['disarm update', 'end one 200', 'over 200 answered'],
  ],
  [
    'talking',
    'B hangs up',
    fromOne({ kind: 'ended', cause: normalEnd('callee') }),
    'over',
    ['disarm update', 'end a 200', 'over 200 answered'],
  ],
  [
    'talking',
    'an operator ends it',
    { kind: 'end', cause: causeOf(503, 'operator') },
    'over',
    ['disarm update', 'end a 503', 'end one 503', 'over 503 answered'],
  ],
  ['over', 'a device signs in late', { kind: 'added', leg: one }, 'over', ['end one 404']],
  ['over', 'devices are dialled too late', dialled, 'over', ['end one 404', 'end two 404']],
  ['over', 'A hangs up too', fromA(ended(200)), 'over', []],
];

for (const [from, what, input, to, effects] of table) {
  test(`${from} --${what}--> ${to}`, () => {
    const [state, done] = next(reach(paths[from]), input);
    assert.equal(state.name, to);
    assert.deepEqual(done.map(describe), effects);
  });
}

test('what A sends before the answer reaches the winner, and its hold too', () => {
  const before = reach([
    dialled,
    fromA({ kind: 'sourcesChanged', sources: [source('a')] }),
    fromA({ kind: 'held', isHeld: true }),
  ]);
  const [, done] = next(before, fromTwo({ kind: 'answered', ...accepted('b') }));
  assert.deepEqual(done.map(describe), [
    'disarm ring',
    'won two',
    'accept',
    'connect a b',
    'connect two a',
    'hold two true',
    'end one 200',
  ]);
});

function reach(inputs: readonly CallInput[] | undefined): CallState {
  assert.ok(inputs);
  return inputs.reduce((state, input) => next(state, input)[0], newCall);
}

function describe(effect: CallEffect): string {
  switch (effect.do) {
    case 'start':
    case 'won':
    case 'abandon':
    case 'write':
      return `${effect.do} ${effect.leg}`;
    case 'trying':
      return `trying ${effect.code}`;
    case 'ring':
      return effect.early ? 'ring early' : 'ring';
    case 'accept':
      return 'accept';
    case 'connect':
      return `connect ${effect.leg} ${effect.sources.map((item) => item.producerId).join()}`;
    case 'offer':
      return `offer ${effect.leg}`;
    case 'answerUpdate':
      return `${effect.accepted ? 'answer' : 'refuse'} ${effect.leg}`;
    case 'hold':
      return `hold ${effect.leg} ${effect.isHeld}`;
    case 'dtmf':
      return `dtmf ${effect.leg} ${effect.digit}`;
    case 'limit':
      return `limit ${effect.leg} ${effect.bps}`;
    case 'end':
      return `end ${effect.leg} ${effect.cause.code}`;
    case 'arm':
    case 'disarm':
      return `${effect.do} ${effect.timer}`;
    case 'transfer':
      return `transfer ${effect.by}`;
    case 'yield':
      return `yield ${effect.leg}`;
    case 'over':
      return `over ${effect.cause.code}${effect.wasAnswered ? ' answered' : ''}`;
  }
}
