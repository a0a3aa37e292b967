import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callId } from '@sylk/protocol/ids.ts';
import { FakeClock, settle } from '../../../test/fakes/fake-clock.ts';
import { FakeLeg } from '../../../test/fakes/fake-leg.ts';
import { silentLog } from '../ports/log.ts';
import { Call } from './call.ts';
import { causeOf, normalEnd } from './end-cause.ts';
import type { Offer } from './media.ts';

const pcmu = { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} };
const offer: Offer = { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [pcmu] }] };
const accepted = { answer: offer, sources: [] };

function bench() {
  const clock = new FakeClock();
  const [a, b] = [new FakeLeg('a'), new FakeLeg('b')];
  const over: string[] = [];
  const call = new Call({
    id: callId('c'),
    a,
    offer,
    clock,
    log: silentLog,
    onWon: () => undefined,
    onTransfer: () => undefined,
    onLeft: () => undefined,
    onOver: (cause, wasAnswered) => over.push(`${cause.code} ${wasAnswered}`),
  });
  return { clock, a, b, call, over };
}

test('work on a leg is done in order, one after the other', async () => {
  const { a, b, call } = bench();
  const slow = Promise.withResolvers<void>();
  a.accept = () => {
    a.told.push('accept begins');
    return slow.promise.then(() => void a.told.push('accept ends'));
  };
  call.dial([b], 1000);
  b.says({ kind: 'answered', ...accepted });
  b.says({ kind: 'held', isHeld: true });
  await settle();
  assert.deepEqual(a.told, ['accept begins']);
  slow.resolve();
  await settle();
  assert.deepEqual(a.told, ['accept begins', 'accept ends', 'connect ', 'hold']);
});

test('a leg that fails in what matters ends the call; one that cannot send a digit does not', async () => {
  const { a, b, call, over } = bench();
  call.dial([b], 1000);
  b.sendDtmf = () => Promise.reject(new Error('no telephone-event'));
  b.says({ kind: 'answered', ...accepted });
  a.says({ kind: 'dtmf', digit: '1', durationMs: 100 });
  await settle();
  assert.deepEqual(over, []);
  b.connect = () => Promise.reject(new Error('the port is gone'));
  a.says({ kind: 'sourcesChanged', sources: [] });
  await settle();
  assert.deepEqual(over, ['500 true']);
  assert.equal(a.told.at(-1), 'end 500 Server Internal Error');
});

test('an offer does not hold up other work on its leg', async () => {
  const { a, b, call } = bench();
  call.dial([b], 1000);
  b.says({ kind: 'answered', ...accepted });
  b.updateAnswer = () => new Promise(() => undefined);
  await settle();
  a.says({ kind: 'updateOffered', offer });
  await settle();
  a.says({ kind: 'dtmf', digit: '1', durationMs: 100 });
  await settle();
  assert.deepEqual(b.told.slice(-2), ['update audio sendrecv', 'dtmf 1 100']);
});

test('an update that takes ten seconds is given up; its late answer changes nothing', async () => {
  const { clock, a, b, call } = bench();
  call.dial([b], 1000);
  b.says({ kind: 'answered', ...accepted });
  const late = Promise.withResolvers<typeof accepted>();
  b.updateAnswer = () => late.promise;
  a.says({ kind: 'updateOffered', offer });
  await clock.advance(10_000);
  assert.equal(a.told.at(-1), 'update refused');
  late.resolve(accepted);
  await settle();
  assert.equal(a.told.at(-1), 'update refused');
});

test('it is over once, and settled when both legs have said goodbye', async () => {
  const { clock, a, b, call, over } = bench();
  call.dial([b], 1000);
  b.says({ kind: 'answered', ...accepted });
  a.says({ kind: 'ended', cause: normalEnd('caller') });
  b.says({ kind: 'ended', cause: causeOf(500, 'network') });
  call.end(causeOf(503, 'operator'));
  await call.settled();
  assert.deepEqual(over, ['200 true']);
  assert.equal(clock.pending, 0);
});
