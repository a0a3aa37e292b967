import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CauseSentence, causeSentence, type Ending } from './cause-sentence.ts';
import { en } from './messages/en.ts';

const bob = { who: 'Bob', address: 'bob@phone.example', domain: 'phone.example' };
const outgoing: Ending = {
  reason: '',
  direction: 'outgoing',
  wasEstablished: false,
  hasRung: false,
  isByMe: false,
  subject: bob,
};
const told = (ending: Partial<Ending>): CauseSentence => causeSentence({ ...outgoing, ...ending }, en);

test('every cause of a call that did not come about has its sentence', () => {
  const rows: [reason: string, sentence: string][] = [
    ['404 Not Found', 'No one has the address bob@phone.example. Check the spelling.'],
    ['604 Does Not Exist Anywhere', 'No one has the address bob@phone.example. Check the spelling.'],
    ['410 Gone', 'That address was temporary and has expired.'],
    ['480 Temporarily Unavailable', 'Bob is not signed in anywhere right now.'],
    ['430 Flow Failed', 'Bob is not signed in anywhere right now.'],
    ['486 Busy Here', 'Bob is busy.'],
    ['600 Busy Everywhere', 'Bob is busy.'],
    ['603 Decline', 'Bob declined.'],
    ['487 Request Terminated', 'You cancelled.'],
    ['408 Request Timeout', 'No answer from phone.example. It may be down.'],
    ['488 Not Acceptable Here', 'You and Bob have no codec in common.'],
    ['606 Not Acceptable', 'You and Bob have no codec in common.'],
    ['401 Unauthorized', 'phone.example wants to know you first: sign in with an account there.'],
    ['407 Proxy Authentication Required', 'phone.example wants to know you first: sign in with an account there.'],
    ['403 Forbidden', 'phone.example does not accept calls from here.'],
    ['500 Server Internal Error', 'phone.example has a problem (500). Try again later.'],
    ['503 Service Unavailable', 'phone.example has a problem (503). Try again later.'],
    ['408 ICE failed', en.cause.iceFailed],
    ['DNS lookup error: no results found', 'There is no service for calls at phone.example.'],
    ['Account not authenticated', en.cause.notSignedIn],
    ['No media server is available, try again later', en.cause.noMediaServer],
    ['503 Media server failed', en.cause.noMediaServer],
    ['Too many calls, try again in 12 s', en.cause.tooManyCalls],
    ['503 Too many calls at once', en.cause.tooManyAtOnce],
    ['503 All lines are busy', en.cause.linesBusy],
    ['480 Call time is over', en.cause.timeIsOver],
    ['481 Call Does Not Exist', en.cause.callLost],
    ['invalid SIP URI: bob@', 'bob@phone.example is not an address that can be called.'],
    ['unspecified reason', 'Something broke here.'],
    ['', 'Something broke here.'],
  ];
  for (const [reason, sentence] of rows) assert.deepEqual(told({ reason }), { kind: 'failed', sentence }, reason);
});

test('who has heard it ring is told that nobody answered', () => {
  assert.equal(told({ reason: '408 Request Timeout', hasRung: true }).sentence, 'Bob did not answer.');
  assert.equal(told({ reason: '480 Temporarily Unavailable', hasRung: true }).sentence, 'Bob did not answer.');
});

test('ordinary ends say who ended the call', () => {
  assert.deepEqual(told({ reason: '200 OK', wasEstablished: true }), { kind: 'ok', sentence: 'Bob hung up.' });
  assert.deepEqual(told({ reason: '200 OK', wasEstablished: true, isByMe: true }), {
    kind: 'ok',
    sentence: 'You hung up.',
  });
  assert.deepEqual(told({ reason: '200 OK', isByMe: true }), { kind: 'ok', sentence: 'You cancelled.' });
  assert.deepEqual(told({ reason: '603 Decline', isByMe: true, direction: 'incoming' }), {
    kind: 'ok',
    sentence: 'You declined.',
  });
});

test('incoming calls that nobody took are missed, unless another device did', () => {
  const incoming = { direction: 'incoming' } as const;
  assert.deepEqual(told({ ...incoming, reason: '487 Request Terminated' }), {
    kind: 'missed',
    sentence: 'Missed call from Bob.',
  });
  assert.deepEqual(told({ ...incoming, reason: '408 Request Timeout' }).kind, 'missed');
  assert.deepEqual(told({ ...incoming, reason: '200 Answered elsewhere' }), {
    kind: 'ok',
    sentence: 'The call from Bob was answered on another device.',
  });
});

test('a call that breaks while people talk', () => {
  const talking = { wasEstablished: true };
  assert.equal(told({ ...talking, reason: '408 Media lost' }).sentence, en.cause.mediaLost);
  assert.equal(told({ ...talking, reason: '408 Connection lost' }).sentence, en.cause.mediaLost);
  assert.equal(
    told({ ...talking, reason: '200 Continued elsewhere' }).sentence,
    'The call with Bob goes on in another window.',
  );
  assert.equal(told({ ...talking, reason: '503 Media server failed' }).kind, 'failed');
});

test('what nobody can explain names the call', () => {
  assert.equal(
    told({ reason: 'Internal error', callId: 'abc' }).sentence,
    'Something broke here. To report it, name the call abc.',
  );
});
