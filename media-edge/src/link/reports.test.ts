import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionId } from '@sylk/protocol/ids.ts';
import { FakeClock, settle } from '../../../test/fakes/fake-clock.ts';
import { ReportFailed, Reports } from './reports.ts';

const post = { kind: 'post', connection: connectionId('c1'), frame: '{}' } as const;

function bench() {
  const clock = new FakeClock();
  const sent: string[] = [];
  const link = { isUp: true };
  let ids = 0;
  const reports = new Reports({
    clock,
    newId: () => `r${++ids}`,
    send: (text) => {
      if (link.isUp) sent.push(text);
      return link.isUp;
    },
  });
  return { clock, sent, link, reports };
}

test('a report is repeated with the same id until it is answered', async () => {
  const { clock, sent, reports } = bench();
  const gone = reports.send(post);
  await clock.advance(4_000);
  assert.equal(sent.length, 3);
  assert.equal(new Set(sent).size, 1);
  reports.answered({ kind: 'answer', id: 'r1', ok: true, result: { gone: true } });
  assert.deepEqual(await gone, { gone: true });
  await clock.advance(10_000);
  assert.deepEqual([sent.length, clock.pending, reports.size], [3, 0, 0]);
});

test('while no link is up it waits, and goes out once one is', async () => {
  const { clock, sent, link, reports } = bench();
  link.isUp = false;
  const waiting = reports.send(post);
  await clock.advance(60_000);
  assert.equal(sent.length, 0);
  link.isUp = true;
  reports.sendWaiting();
  assert.equal(sent.length, 1);
  reports.answered({ kind: 'answer', id: 'r1', ok: true, result: { gone: false } });
  assert.deepEqual(await waiting, { gone: false });
});

test('one that has to be in time fails when it is not', async () => {
  const { clock, reports } = bench();
  const failed = assert.rejects(
    reports.send(post, { withinMs: 1_000 }),
    (error) => error instanceof ReportFailed && /within|in 1000 ms/.test(error.message),
  );
  await clock.advance(1_000);
  await failed;
  assert.equal(clock.pending, 0);
});

test('a refusal of signaling is told in its words; an answer that nobody waits for changes nothing', async () => {
  const { reports } = bench();
  reports.answered({ kind: 'answer', id: 'r9', ok: false, error: 'late' });
  const refused = assert.rejects(reports.send(post), /no such connection/);
  await settle();
  reports.answered({ kind: 'answer', id: 'r1', ok: false, error: 'no such connection' });
  await refused;
});
