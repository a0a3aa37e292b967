import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@sylk/protocol/edge/codec.ts';
import { aor, sessionId } from '@sylk/protocol/ids.ts';
import { maxMessageBytes } from '@sylk/protocol/limits.ts';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { causeOf } from '../call/end-cause.ts';
import { Ladders } from './ladders.ts';
import { redactFrame } from './redact.ts';

const alice = aor('alice@sylk.test');

test('a ladder shows each step with its time, and the cause in words', async () => {
  const clock = new FakeClock(1000);
  const ladder = new Ladders(clock).begin('call-1', 'alice@sylk.test', 'bob@sip.example');
  const own = ladder.of('caller');
  own.add({ from: 'browser', to: 'gateway', label: 'session-create' });
  await clock.advance(19);
  ladder.add({ from: 'gateway', to: 'sip', label: 'INVITE', detail: 'INVITE sip:bob' });
  assert.equal(own.record().cause, undefined);
  ladder.close(causeOf(486, 'callee'));
  ladder.close(causeOf(500, 'gateway'));
  const { cause, entries } = own.record();
  assert.equal(cause, 'The called is busy.');
  assert.deepEqual(
    entries.map(({ at, label }) => `${at} ${label}`),
    ['1000 session-create', '1019 INVITE', '1019 ended: 486 Busy Here'],
  );
});

test('a ladder is bounded and says what it left out', () => {
  const ladder = new Ladders(new FakeClock()).begin('call-1', 'a', 'b');
  for (let index = 0; index < 1000; index += 1) ladder.add({ from: 'sip', to: 'gateway', label: 'INFO' });
  const { entries } = ladder.of('called').record();
  assert.equal(entries.length, 401);
  assert.equal(entries.at(-1)?.label, '600 entries more are left out');
});

test('messages are kept up to a bound, the steps beyond it without them', () => {
  const ladder = new Ladders(new FakeClock()).begin('call-1', 'a', 'b');
  for (let index = 0; index < 30; index += 1)
    ladder.add({ from: 'sip', to: 'gateway', label: 'INFO', detail: 'x'.repeat(8_000) });
  const { entries } = ladder.of('called').record();
  assert.deepEqual([entries.length, entries.filter(({ detail }) => detail !== undefined).length], [30, 7]);
});

test('the ladder of the longest call fits one frame to signaling', () => {
  const clock = new FakeClock();
  const ladder = new Ladders(clock).begin('call-1', 'a', 'b');
  const detail = 'a=line of a session description\r\n'.repeat(60);
  for (let index = 0; index < 1000; index += 1)
    ladder.add({ from: 'gateway', to: 'browser', label: 'session-event update received', detail });
  for (let look = 0; look <= 1000; look += 1) {
    const [packets, bytes] = [1e6 * look, 1e9 * look];
    const counts = {
      packetsIn: packets,
      packetsOut: packets,
      bytesIn: bytes,
      bytesOut: bytes,
      packetsLost: 1e4 * look,
    };
    for (const side of ['caller', 'called'] as const)
      ladder.media.add(side, 'browser', clock.now() + look * 5_000, [
        { ...counts, packetsLostOut: packets, jitterMs: 1.5 },
      ]);
  }
  const done = encode({ kind: 'done', id: 'x', ok: true, result: ladder.of('caller').record() });
  assert.ok(Buffer.byteLength(done) < maxMessageBytes, `${Buffer.byteLength(done)} bytes`);
});

test('each side sees its own part, what both may see, and the cause', () => {
  const ladder = new Ladders(new FakeClock()).begin('call-1', 'alice@sylk.test', 'bob@sylk.test');
  ladder.of('caller').add({ from: 'browser', to: 'gateway', label: 'of alice' });
  ladder.add({ from: 'gateway', to: 'gateway', label: 'of both' });
  ladder.of('called').add({ from: 'browser', to: 'gateway', label: 'of bob' });
  ladder.close(causeOf(486, 'callee'));
  const seen = (side: 'caller' | 'called') =>
    ladder
      .of(side)
      .record()
      .entries.map(({ label }) => label);
  assert.deepEqual(seen('caller'), ['of alice', 'of both', 'ended: 486 Busy Here']);
  assert.deepEqual(seen('called'), ['of both', 'of bob', 'ended: 486 Busy Here']);
  assert.equal(ladder.of('called').record().cause, 'The called is busy.');
});

test('a call that repeats the Call-ID of another does not take its ladder away', () => {
  const ladders = new Ladders(new FakeClock());
  const session = sessionId('from-the-call-id');
  for (const from of ['friend@a.example', 'stranger@b.example'])
    ladders.name(ladders.begin('call-1', from, 'alice@sylk.test'), 'called', { aor: alice, session });
  assert.equal(ladders.find(alice, session)?.record().from, 'friend@a.example');
});

test('the last thousand are kept for an hour, each for the accounts that had part in it', async () => {
  const clock = new FakeClock();
  const ladders = new Ladders(clock);
  for (let index = 0; index < 1001; index += 1) {
    const ladder = ladders.begin(`call-${index}`, 'a', 'b');
    ladders.name(ladder, 'caller', { aor: alice, session: sessionId(`s${index}`) });
    ladder.close(causeOf(486, 'callee'));
  }
  assert.equal(ladders.find(alice, sessionId('s0')), undefined);
  assert.equal(ladders.find(alice, sessionId('s1'))?.call, 'call-1');
  assert.equal(ladders.find(aor('bob@sylk.test'), sessionId('s1')), undefined);
  await clock.advance(60 * 60_000 + 1);
  assert.equal(ladders.find(alice, sessionId('s1000')), undefined);
});

test('no secret and no key gets into a ladder', () => {
  const text = redactFrame({
    sylkrtc: 'session-create',
    resume: 'the-resume-secret-of-alice',
    sdp: 'v=0\r\na=ice-pwd:hidden-password\r\na=mid:0\r\n',
    nested: { secret: 'another-secret' },
  });
  assert.doesNotMatch(text, /the-resume-secret|hidden-password|another-secret/);
  assert.match(text, /a=mid:0/);
});
