import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectionId } from '@sylk/protocol/ids.ts';
import type { SessionRequest } from '@sylk/protocol/sylkrtc/requests.ts';
import fc from 'fast-check';
import { settle } from '../../../test/fakes/fake-clock.ts';
import {
  alice,
  at,
  Bench,
  c1,
  create,
  digit,
  ids,
  terminate,
  trickle,
  update,
} from '../../../test/fakes/sessions-bench.ts';

describe("any order and repetition of a session's requests", () => {
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
  const shuffled = (requests: readonly SessionRequest[]) =>
    fc
      .array(fc.constantFrom(...requests), { maxLength: 6 })
      .chain((doubles) =>
        fc.shuffledSubarray([...requests, ...doubles], { minLength: requests.length + doubles.length }),
      );

  test('with a terminate among them ends the session, dialled at most once, hung up as often as dialled', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled([create(), trickle(), digit(), terminate()]), gaps, async (requests, gapsMs) => {
        const bench = await run(requests, gapsMs);
        assert.equal(bench.sessions.size, 0);
        assert.ok(bench.dialled <= 1);
        assert.equal(bench.acts.filter((act) => act.kind === 'hangUp').length, bench.dialled);
        assert.equal(bench.signaling.over.length, 1);
      }),
      { numRuns: 150 },
    );
  });

  test('of an established call changes nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled([trickle(), digit(), update()]), gaps, async (requests, gapsMs) => {
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
        const replies = bench.signaling
          .shortOf(c1)
          .filter((text) => text.startsWith('ack') || text.startsWith('error'));
        assert.equal(replies.length, requests.length + 1);
      }),
      { numRuns: 100 },
    );
  });

  test('with resumes among them leaves the newest connection attached, and every event is there once', async () => {
    const secret = 'x'.repeat(22);
    const epochs = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(epochs, async (order) => {
        const bench = new Bench();
        bench.sessions.request(at('c0'), create('create', secret));
        await settle();
        for (const epoch of order) {
          const request = {
            sylkrtc: 'session-resume',
            ...ids(`r${epoch}`),
            account: alice,
            secret,
            last_event: 0,
          } as const;
          bench.sessions.resume(at(`c${epoch}`, epoch), request);
          bench.session?.tell({ kind: 'dtmf', digit: '1', durationMs: 100 });
        }
        await settle();
        assert.equal(bench.session?.attachment.connection, `c${Math.max(...order)}`);
        const seen = bench.signaling
          .of(connectionId(`c${Math.max(...order)}`))
          .flatMap((message) => ('seq' in message ? [message.seq] : []));
        assert.deepEqual(
          seen,
          Array.from({ length: order.length + 1 }, (_, index) => index + 1),
        );
      }),
      { numRuns: 100 },
    );
  });
});
