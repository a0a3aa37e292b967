import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Core } from 'sip.js';
import { parseMessage } from '../message/parse-message.ts';
import {
  answerInterval,
  hasOption,
  intervalAfter422,
  intervalHeaders,
  intervalOfAnswer,
  parseSessionExpires,
} from './session-interval.ts';

const limits = { wantedS: 1_800, leastS: 90 };

function message(start: string, ...headers: string[]): Core.IncomingMessage {
  const head = [
    'Via: SIP/2.0/UDP a.example;branch=z9hG4bK1',
    'From: <sip:a@a.example>;tag=1',
    'To: <sip:b@b.example>;tag=2',
  ];
  const text = [
    start,
    ...head,
    'Call-ID: 1',
    'CSeq: 1 INVITE',
    'Max-Forwards: 70',
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ];
  const parsed = parseMessage(Buffer.from(text.join('\r\n')));
  if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
  return parsed.message;
}

const invite = (...headers: string[]) => message('INVITE sip:b@b.example SIP/2.0', ...headers);
const answer = (...headers: string[]) => message('SIP/2.0 200 OK', ...headers);

test('Session-Expires is read with its refresher, and nonsense is none', () => {
  assert.deepEqual(parseSessionExpires('1800;refresher=UAC'), { intervalS: 1800, refresher: 'uac' });
  assert.deepEqual(parseSessionExpires('90 ; x=1'), { intervalS: 90, refresher: undefined });
  for (const text of [undefined, '', 'x', '-1', '99999999999']) assert.equal(parseSessionExpires(text), undefined);
});

test('a caller that refreshes itself is told so', () => {
  assert.deepEqual(answerInterval(invite('Session-Expires: 600;refresher=uac', 'Supported: timer'), limits), {
    kind: 'agree',
    interval: { intervalS: 600, refresher: 'peer' },
    headers: ['Session-Expires: 600;refresher=uac', 'Require: timer'],
  });
});

test('a caller that leaves it open has us refresh, no more rarely than we want', () => {
  assert.deepEqual(answerInterval(invite('Session-Expires: 7200', 'Supported: 100rel, timer'), limits), {
    kind: 'agree',
    interval: { intervalS: 1_800, refresher: 'us' },
    headers: ['Session-Expires: 1800;refresher=uas', 'Require: timer'],
  });
});

test('who knows nothing of timers gets none, unless a proxy wants one', () => {
  assert.deepEqual(answerInterval(invite(), limits), { kind: 'agree', interval: undefined, headers: [] });
  assert.deepEqual(answerInterval(invite('Session-Expires: 60'), limits), {
    kind: 'agree',
    interval: { intervalS: 90, refresher: 'us' },
    headers: ['Session-Expires: 90;refresher=uas'],
  });
});

test('too short an interval is refused with the least that we take, and the Min-SE of others is kept', () => {
  assert.deepEqual(answerInterval(invite('Session-Expires: 89', 'Supported: timer'), limits), {
    kind: 'refuse',
    leastS: 90,
  });
  const longer = answerInterval(invite('Session-Expires: 3600', 'Min-SE: 2400', 'Supported: timer'), limits);
  assert.equal(longer.kind === 'agree' && longer.interval?.intervalS, 2_400);
});

test('the answer to our request says who refreshes', () => {
  assert.deepEqual(intervalOfAnswer(answer('Session-Expires: 600;refresher=uas')), {
    intervalS: 600,
    refresher: 'peer',
  });
  assert.deepEqual(intervalOfAnswer(answer('Session-Expires: 600')), { intervalS: 600, refresher: 'us' });
  assert.equal(intervalOfAnswer(answer()), undefined);
  assert.deepEqual(intervalHeaders(limits, { intervalS: 600, refresher: 'us' }), [
    'Session-Expires: 600;refresher=uac',
    'Min-SE: 90',
  ]);
});

test('a 422 is followed up to a day', () => {
  assert.equal(intervalAfter422(answer('Min-SE: 3600')), 3_600);
  for (const value of ['Min-SE: 86401', 'Min-SE: x', 'X: 1']) assert.equal(intervalAfter422(answer(value)), undefined);
});

test('options are compared whole', () => {
  assert.equal(hasOption(answer('Supported: timers, 100REL'), 'supported', '100rel'), true);
  assert.equal(hasOption(answer('Supported: timers'), 'supported', 'timer'), false);
});
