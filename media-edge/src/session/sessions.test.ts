import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { aor, connectionId, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { SessionCreate, SessionRequest } from '@sylk/protocol/sylkrtc/requests.ts';
import { FakeClock, settle } from '../../../test/fakes/fake-clock.ts';
import { FakeSignaling } from '../../../test/fakes/fake-signaling.ts';
import { silentLog } from '../ports/log.ts';
import type { BrowserSession } from './browser-session.ts';
import type { SessionAct } from './messages.ts';
import { type Opening, Sessions } from './sessions.ts';

const alice = aor('alice@sylk.test');
const at = (connection: string, epoch = 0) => ({
  connection: connectionId(connection), device: deviceId('d1'), aor: alice, epoch, headerPrefixes: [],
});
const c1 = connectionId('c1');
const offer = 'v=0\r\na=setup:actpass\r\n';
const ids = (transaction: string) => ({ session: 's1', transaction });
const create = (transaction = 'create', resume?: string): SessionCreate => ({
  sylkrtc: 'session-create', ...ids(transaction), account: alice, uri: 'bob@elsewhere.example', sdp: offer, resume,
});
const terminate = (transaction = 'terminate'): SessionRequest => ({ sylkrtc: 'session-terminate', ...ids(transaction) });
const trickle = (transaction = 'trickle'): SessionRequest => ({ sylkrtc: 'session-trickle', ...ids(transaction), candidates: [] });
const digit = (transaction = 'digit'): SessionRequest => ({ sylkrtc: 'session-dtmf-info', ...ids(transaction), digit: '5' });
const update = (transaction = 'update'): SessionRequest => ({ sylkrtc: 'session-update', ...ids(transaction), sdp: offer });

/** The table with a far side that does what it is asked, and remembers it. */
class Bench {
  readonly clock = new FakeClock();
  readonly signaling = new FakeSignaling();
  readonly acts: SessionAct[] = [];
  dialled = 0;
  refuseWith: string | undefined;
  session: BrowserSession | undefined;
  readonly sessions = new Sessions({
    clock: this.clock, signaling: this.signaling, log: silentLog, trace: () => undefined,
    open: (session) => this.#open(session),
  });

  async #open(session: BrowserSession): Promise<Opening> {
    await settle();
    if (this.refuseWith !== undefined) return { ok: false, error: this.refuseWith };
    this.session = session;
    const begin = () => {
      this.dialled += 1;
      session.tell({ kind: 'progress' });
    };
    return { ok: true, media: { problemIn: () => undefined, act: (act) => this.#act(session, act) }, begin };
  }

  #act(session: BrowserSession, act: SessionAct): void {
    this.acts.push(act);
    if (act.kind === 'hangUp') session.tell({ kind: 'ended', reason: '200 OK' });
    if (act.kind === 'offer') session.tell({ kind: 'updateAnswered', sdp: 'answer' });
  }
}

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
    assert.deepEqual(bench.signaling.over.map((key) => key.session), ['s1']);
    bench.sessions.request(at('c1'), create());
    bench.sessions.request(at('c1'), trickle());
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1).slice(1), ['error create: DNS lookup error: no results found', 'error trickle: Session s1 is terminated']);
  });

  test('the same id again is refused while it is in use, and free again after the end', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), create('t1'));
    bench.sessions.request(at('c1'), create('t2'));
    bench.sessions.request(at('c1'), create('t1'));
    await settle();
    assert.deepEqual(bench.signaling.shortOf(c1), ['ack t1', 'state progress', 'error t2: Session ID s1 already in use', 'ack t1']);
    bench.sessions.request(at('c1'), terminate());
    await bench.clock.advance(0);
    bench.sessions.request(at('c1'), create('t3'));
    await settle();
    assert.equal(bench.dialled, 2);
  });
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
      'ack create', 'state progress', 'ack terminate', 'state terminated', 'ack terminate', 'error another: Unknown session s1',
    ]);
    assert.deepEqual(bench.signaling.over.map((key) => key.session), ['s1']);
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
    assert.deepEqual(bench.acts.map((act) => act.kind), ['hangUp']);
  });

  test('a socket lost before the call could be dialled ends the call of a stock client', async () => {
    const bench = new Bench();
    bench.sessions.request(at('c1'), create());
    bench.sessions.connectionLost(c1);
    await bench.clock.advance(10);
    assert.deepEqual(bench.acts.map((act) => act.kind), ['hangUp']);
    assert.equal(bench.sessions.size, 0);
  });
});

describe('any order and repetition of a session\'s requests', () => {
  const run = async (requests: readonly SessionRequest[], gapsMs: readonly number[]) => {
    const bench = new Bench();
    for (const [index, request] of requests.entries()) {
      bench.sessions.request(at('c1'), request);
      await bench.clock.advance(gapsMs[index % gapsMs.length] ?? 0);
    }
    await bench.clock.advance(2_000);
    return bench;
  };
  const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 });
  const shuffled = (requests: readonly SessionRequest[]) => fc
    .array(fc.constantFrom(...requests), { maxLength: 6 })
    .chain((doubles) => fc.shuffledSubarray([...requests, ...doubles], { minLength: requests.length + doubles.length }));

  test('with a terminate among them ends the session, dialled at most once, hung up as often as dialled', async () => {
    await fc.assert(fc.asyncProperty(shuffled([create(), trickle(), digit(), terminate()]), gaps, async (requests, gapsMs) => {
      const bench = await run(requests, gapsMs);
      assert.equal(bench.sessions.size, 0);
      assert.ok(bench.dialled <= 1);
      assert.equal(bench.acts.filter((act) => act.kind === 'hangUp').length, bench.dialled);
      assert.equal(bench.signaling.over.length, 1);
    }), { numRuns: 150 });
  });

  test('of an established call changes nothing twice', async () => {
    await fc.assert(fc.asyncProperty(shuffled([trickle(), digit(), update()]), gaps, async (requests, gapsMs) => {
      const bench = new Bench();
      bench.sessions.request(at('c1'), create());
      await settle();
      bench.session?.tell({ kind: 'accepted', sdp: 'answer' });
      bench.session?.tell({ kind: 'mediaUp' });
      for (const [index, request] of requests.entries()) {
        bench.sessions.request(at('c1'), request);
        await bench.clock.advance(gapsMs[index % gapsMs.length] ?? 0);
      }
      await settle();
      assert.equal(bench.session?.state, 'established');
      assert.deepEqual(bench.acts.map((act) => act.kind).sort(), ['dtmf', 'offer']);
      const replies = bench.signaling.shortOf(c1).filter((text) => text.startsWith('ack') || text.startsWith('error'));
      assert.equal(replies.length, requests.length + 1);
    }), { numRuns: 100 });
  });

  test('with resumes among them leaves the newest connection attached, and every event is there once', async () => {
    const secret = 'x'.repeat(22);
    const epochs = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(fc.asyncProperty(epochs, async (order) => {
      const bench = new Bench();
      bench.sessions.request(at('c0'), create('create', secret));
      await settle();
      for (const epoch of order) {
        const request = { sylkrtc: 'session-resume', ...ids(`r${epoch}`), account: alice, secret, last_event: 0 } as const;
        bench.sessions.resume(at(`c${epoch}`, epoch), request);
        bench.session?.tell({ kind: 'dtmf', digit: '1', durationMs: 100 });
      }
      await settle();
      assert.equal(bench.session?.attachment.connection, `c${Math.max(...order)}`);
      const seen = bench.signaling.of(connectionId(`c${Math.max(...order)}`)).flatMap((message) => ('seq' in message ? [message.seq] : []));
      assert.deepEqual(seen, Array.from({ length: order.length + 1 }, (_, index) => index + 1));
    }), { numRuns: 100 });
  });
});

test('a session that rings is found by its account and id, on whatever device', () => {
  const bench = new Bench();
  const ring = { originator: { uri: 'bob@sylk.test' }, sdp: offer, call_id: 'x' };
  bench.sessions.ring(at('c1'), sessionId('s9'), ring);
  bench.sessions.ring({ ...at('c2'), device: deviceId('d2') }, sessionId('s9'), ring);
  assert.equal(bench.sessions.ofAccount(alice, sessionId('s9')).length, 2);
});
