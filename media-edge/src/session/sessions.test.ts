import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deviceId, sessionId } from '@sylk/protocol/ids.ts';
import { maxQueuedRequests, maxSessionsPerConnection } from '@sylk/protocol/limits.ts';
import { settle } from '../../../test/fakes/fake-clock.ts';
import { alice, at, Bench, c1, create, offer, terminate, trickle } from '../../../test/fakes/sessions-bench.ts';

describe('creation', () => {
  test('ack comes first, then progress; the session can be found', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), create());
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1), ['ack create', 'state progress']);
    assert.equal(bench.sessions.size, 1);
  });

  test('a call that cannot be made gets its error, and signaling forgets it', async () => {
    const bench = new Bench();
    bench.refuseWith = 'DNS lookup error: no results found';
    bench.sessions.request(at('c1'), create());
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1), ['error create: DNS lookup error: no results found']);
    assert.deepEqual(
      bench.signaling.over.map((key) => key.session),
      ['s1'],
    );
    bench.sessions.request(at('c1'), create());
    bench.sessions.request(at('c1'), trickle());
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1).slice(1), [
      'error create: DNS lookup error: no results found',
      'error trickle: Session s1 is terminated',
    ]);
  });

  test('the same id again is refused while it is in use, and free again after the end', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), create('t1'));
    bench.sessions.request(at('c1'), create('t2'));
    bench.sessions.request(at('c1'), create('t1'));
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1), [
      'ack t1',
      'state progress',
      'error t2: Session ID s1 already in use',
      'ack t1',
    ]);
    bench.sessions.request(at('c1'), terminate());
    await bench.clock.advance(0);
    bench.sessions.request(at('c1'), create('t3'));
    await settle();
    assert.equal(bench.dialled, 2);
  });
});

test('requests for a session that is being opened wait, but not without bound', async () => {
  const bench = new Bench();
  bench.sessions.request(at('c1'), create());
  for (let count = 0; count < maxQueuedRequests + 3; count += 1) bench.sessions.request(at('c1'), trickle(`t${count}`));
  await settle();
  const replies = bench.signaling.shortOf(c1).filter((text) => / t\d+/.test(text));
  const refused = replies.filter((text) => text.includes('Too many requests wait for session s1'));
  assert.equal(refused.length, 3);
  assert.equal(replies.length, maxQueuedRequests + 3);
});

test('a connection has so many sessions and no more; those that are over do not count', async () => {
  const bench = new Bench();
  const secret = 'x'.repeat(22);
  const open = async (session: string) => {
    bench.sessions.request(at('c1'), { ...create(session, secret), session });
    await settle();
    return bench.signaling.shortOf(c1).filter((text) => text.endsWith(session) || text.includes(` ${session}:`));
  };
  for (let count = 0; count < maxSessionsPerConnection; count += 1) await open(`n${count}`);
  assert.deepEqual(await open('more'), ['error more: Too many sessions on this connection, at most 16 are allowed']);
  bench.session?.tell({ kind: 'ended', reason: '486 Busy Here' });
  assert.deepEqual(await open('again'), ['ack again']);
});

describe('requests that overtake their session', () => {
  test('wait for it, and are carried out in order', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), trickle());
    await bench.clock.advance(499);
    bench.sessions.request(at('c1'), create());
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1), ['ack create', 'state progress', 'ack trickle']);
  });

  test('are refused after half a second', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), trickle());
    await bench.clock.advance(500);
    assert.deepEqual(bench.signaling.shortOf(c1), ['error trickle: Unknown session s1']);
    assert.equal(bench.clock.pending, 0);
  });

  test('a terminate that was refused for that still absorbs the create', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), terminate());
    await bench.clock.advance(600);
    bench.sessions.request(at('c1'), create());
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1).slice(1), ['ack create', 'state terminated']);
    assert.equal(bench.dialled, 0);
  });
});

describe('the end', () => {
  test('is told to signaling after the client, and a repeated terminate gets its ack again', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), create());
    bench.sessions.request(at('c1'), terminate());
    await bench.clock.advance(0);
    bench.sessions.request(at('c1'), terminate());
    bench.sessions.request(at('c1'), terminate('another'));
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1), [
      'ack create',
      'state progress',
      'ack terminate',
      'state terminated',
      'ack terminate',
      'error another: Unknown session s1',
    ]);
    assert.deepEqual(
      bench.signaling.over.map((key) => key.session),
      ['s1'],
    );
    assert.equal(bench.sessions.size, 0);
  });

  test('a connection that turns out to be gone detaches its sessions', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), create('create', 'x'.repeat(22)));
    await settle();
    bench.signaling.gone.add(c1);
    bench.session?.tell({ kind: 'ringing' });
    await settle();
    assert.equal(bench.session?.isDetached, true);
    await bench.clock.advance(60_000);
    assert.deepEqual(
      bench.acts.map((act) => act.kind),
      ['hangUp'],
    );
  });

  test('a socket lost before the call could be dialled ends the call of a stock client', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), create());
    bench.sessions.connectionLost(c1);
    await bench.clock.advance(10);
    assert.deepEqual(
      bench.acts.map((act) => act.kind),
      ['hangUp'],
    );
    assert.equal(bench.sessions.size, 0);
  });
});

test('a session that rings is found by its account and id, on whatever device', () => {
  const bench = new Bench();
  const ring = { originator: { uri: 'bob@sylk.test' }, sdp: offer, call_id: 'x' };
  bench.sessions.ring(at('c1'), sessionId('s9'), ring);
  bench.sessions.ring({ ...at('c2'), device: deviceId('d2') }, sessionId('s9'), ring);
  assert.equal(bench.sessions.ofAccount(alice, sessionId('s9')).length, 2);
});

test('sessions that are abandoned tell nobody anything, are no more, and free their id', async () => {
  const bench = new Bench();
  bench.sessions.request(at('c1'), create('t1'));
  await settle();
  const told = bench.signaling.shortOf(c1);
  const session = bench.sessions.ofAccount(alice, sessionId('s1'))[0];
  bench.sessions.abandon();
  session?.tell({ kind: 'ended', reason: '503 Media server lost' });
  await settle();
  assert.deepEqual(bench.signaling.shortOf(c1), told);
  assert.deepEqual([bench.sessions.size, bench.signaling.over], [0, []]);
  bench.sessions.request(at('c1'), create('t2'));
  await settle();
  assert.equal(bench.dialled, 2);
});
