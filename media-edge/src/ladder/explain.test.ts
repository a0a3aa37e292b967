import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelledByCaller, causeOf, type EndCause, normalEnd } from '../call/end-cause.ts';
import { explain } from './explain.ts';

const table: readonly (readonly [cause: EndCause, words: RegExp])[] = [
  [
    causeOf(488, 'gateway', 'no common codec: one side has opus/48000/2, the other GSM/8000'),
    /no codec in common.*GSM/,
  ],
  [causeOf(408, 'network', 'no answer from udp 192.0.2.9:5060'), /called server does not answer.*192\.0\.2\.9/],
  [causeOf(408, 'callee', 'it rang, but nobody answered'), /rang, but nobody/],
  [causeOf(408, 'callee', 'nobody answered in time'), /rang, but nobody/],
  [{ code: 408, phrase: 'ICE failed', by: 'network' }, /never reached the media port.*UDP.*TCP/],
  [{ code: 408, phrase: 'DTLS failed', by: 'network', detail: 'DTLS failed: bad certificate' }, /encrypted/],
  [{ code: 408, phrase: 'Connection lost', by: 'network' }, /browser lost its connection/],
  [{ code: 503, phrase: 'Media server failed', by: 'gateway' }, /media worker.*failed/],
  [{ code: 503, phrase: 'Media server lost', by: 'gateway' }, /machine that carried the call was lost/],
  [causeOf(404, 'network', 'no such host: nowhere.example'), /no service.*domain/],
  [causeOf(503, 'network', 'the name server does not answer for slow.example'), /could not be looked up/],
  [
    causeOf(403, 'gateway', '127.0.0.1 is a loopback address, not a network that may be called'),
    /does not call.*loopback/,
  ],
  [causeOf(407, 'callee'), /password/],
  [causeOf(486, 'callee'), /busy/],
  [causeOf(603, 'callee'), /declined/],
  [cancelledByCaller, /hung up before/],
  [causeOf(410, 'gateway'), /expired/],
  [causeOf(480, 'callee'), /not signed in/],
  [causeOf(404, 'gateway'), /nobody by this address/],
  [causeOf(408, 'network', 'nothing was heard from the other side for 60 s'), /no sound came/],
  [causeOf(503, 'operator', 'maintenance'), /operator/],
  [normalEnd('caller'), /caller hung up/],
  [causeOf(599, 'callee'), /599 Server Failure/],
];

for (const [cause, words] of table) {
  test(`${cause.code} ${cause.phrase}${cause.detail ? ` (${cause.detail})` : ''} is told as ${words}`, () => {
    assert.match(explain([], cause), words);
  });
}

test("a 408 after ringing is nobody's silence but the called's", () => {
  assert.match(explain([{ from: 'sip', to: 'gateway', label: '180 Ringing' }], causeOf(408, 'callee')), /rang/);
});
