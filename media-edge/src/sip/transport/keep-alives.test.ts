import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import type { Flow } from './flow.ts';
import { KeepAlives } from './keep-alives.ts';
import { isStun, stunAnswer } from './stun.ts';

let clock: FakeClock;
let keepAlives: KeepAlives;
let sent: Buffer[];
let lost: string[];
let flow: Flow;
beforeEach(() => {
  clock = new FakeClock();
  keepAlives = new KeepAlives(clock, () => 1);
  sent = [];
  lost = [];
  const peer = { protocol: 'UDP', address: '192.0.2.1', port: 5060 } as const;
  const send = async (bytes: Buffer) => void sent.push(bytes);
  flow = { id: 'udp-192.0.2.1:5060', peer, isOpen: true, identities: [], send };
});

const start = (isAnswered: boolean) => keepAlives.start(flow, { isAnswered, onLost: (reason) => lost.push(reason) });
const answer = (port: number) =>
  keepAlives.answered(stunAnswer(sent.at(-1) ?? assert.fail(), { address: '198.51.100.7', port }) ?? assert.fail());

test('a peer that knows nothing of keep-alives gets line ends every half minute', async () => {
  const kept = start(false);
  await clock.advance(91_000);
  assert.deepEqual(
    sent.map((bytes) => bytes.toString()),
    Array(3).fill('\r\n\r\n'),
  );
  kept.stop();
  await clock.advance(100_000);
  assert.deepEqual([sent.length, clock.pending], [3, 0]);
});

test('a peer that answers is asked by STUN, and asked again in its time', async () => {
  const kept = start(true);
  await clock.advance(30_000);
  assert.ok(sent.length === 1 && sent.every(isStun));
  answer(4711);
  await clock.advance(30_000);
  answer(4711);
  assert.deepEqual([sent.length, lost], [2, []]);
  kept.stop();
});

test('a flow is lost after five questions without an answer', async () => {
  start(true);
  await clock.advance(40_000);
  assert.equal(new Set(sent.map((bytes) => bytes.toString('hex'))).size, 1);
  assert.deepEqual([sent.length, lost, keepAlives.size, clock.pending], [5, ['keep-alives get no answer'], 0, 0]);
});

test('a flow is lost when our address beyond the NAT has changed', async () => {
  start(true);
  await clock.advance(30_000);
  answer(4711);
  await clock.advance(30_000);
  answer(4712);
  assert.deepEqual(lost, ['our address as the peer sees it has changed']);
});

test('an answer to nobody changes nothing', async () => {
  start(true);
  await clock.advance(30_000);
  const [asked] = sent;
  answer(4711);
  keepAlives.answered(stunAnswer(asked ?? assert.fail(), { address: '203.0.113.1', port: 1 }) ?? assert.fail());
  assert.deepEqual(lost, []);
  keepAlives.close();
  assert.equal(clock.pending, 0);
});

test('a connection that is closed is lost within a second', async () => {
  flow = { ...flow, isOpen: false };
  start(false);
  await clock.advance(1_000);
  assert.deepEqual(lost, ['the connection is closed']);
});

test('thousands of flows have one timer', () => {
  for (let count = 0; count < 5_000; count++) start(false);
  assert.equal(clock.pending, 1);
  keepAlives.close();
});
