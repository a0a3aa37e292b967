import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionId, edgeId } from '@sylk/protocol/ids.ts';
import { FakeClock, settle } from '../../../test/fakes/fake-clock.ts';
import { silentLog } from '../ports/log.ts';
import { LinkedSignaling } from './linked-signaling.ts';
import { Reports } from './reports.ts';

const browser = connectionId('browser=');

const bench = (deliver?: (connection: string, frame: string) => Promise<'sent' | 'gone'>, isInCharge = true) => {
  const sent: Record<string, unknown>[] = [];
  let ids = 0;
  const reports: Reports = new Reports({
    clock: new FakeClock(),
    newId: () => `r-${++ids}`,
    send: (text) => {
      const report = JSON.parse(text);
      sent.push(report);
      const answer = { kind: 'answer', id: String(report.id), ok: true } as const;
      const taken = { ...answer, result: {} };
      const posted = { ...answer, result: { gone: false } };
      queueMicrotask(() => reports.answered(report.kind === 'post' ? posted : taken));
      return true;
    },
  });
  const signaling = new LinkedSignaling({
    reports,
    edge: edgeId('edge-1'),
    generation: () => 1,
    isInCharge: async () => isInCharge,
    log: silentLog,
    deliver,
  });
  return { signaling, sent };
};

test('frames go by the link where there is no other way', async () => {
  const { signaling, sent } = bench();
  assert.equal(await signaling.post(browser, 'frame'), 'sent');
  assert.deepEqual(sent, [{ kind: 'post', id: 'r-1', connection: browser, frame: 'frame' }]);
});

test('an edge that posts itself reports only the connections that it found closed', async () => {
  const delivered: string[] = [];
  const { signaling, sent } = bench(async (_, frame) => {
    delivered.push(frame);
    return frame === 'last' ? 'gone' : 'sent';
  });
  const deliveries = ['first', 'last', 'never'].map((frame) => signaling.post(browser, frame));
  assert.deepEqual(await Promise.all(deliveries), ['sent', 'gone', 'gone']);
  await settle();
  assert.deepEqual(delivered, ['first', 'last']);
  assert.deepEqual(sent, [{ kind: 'gone', id: 'r-1', connection: browser }]);
});

test('a frame that may have arrived is no news of a closed connection', async () => {
  const { signaling, sent } = bench(() => Promise.reject(new Error('no answer')));
  assert.equal(await signaling.post(browser, 'frame'), 'gone');
  await settle();
  assert.deepEqual(sent, []);
});

test('an edge that is lost says nothing to browsers, neither itself nor by the link', async () => {
  const delivered: string[] = [];
  const deliver = async (_: string, frame: string): Promise<'sent'> => {
    delivered.push(frame);
    return 'sent';
  };
  for (const { signaling, sent } of [bench(deliver, false), bench(undefined, false)]) {
    assert.equal(await signaling.post(browser, 'frame'), 'gone');
    assert.deepEqual([delivered, sent], [[], []]);
  }
});
