import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EventReceiver,
  EventSender,
  type EventToSend,
  isDigit,
  readEvent,
  rescaleEvent,
  writeEvent,
} from './telephone-event.ts';

const of = (digit: string, duration: number, isEnd = false): { digit: string; isEnd: boolean; duration: number } => ({
  digit,
  isEnd,
  duration,
});

test('an event is written and read', () => {
  const payload = new Uint8Array(4);
  writeEvent(payload, '#', true, 1280);
  assert.deepEqual([...payload], [11, 0x8a, 5, 0]);
  assert.deepEqual(readEvent(payload), { digit: '#', isEnd: true, duration: 1280 });
});

test('other events than digits, and short payloads, are none', () => {
  assert.equal(readEvent(Uint8Array.of(16, 0, 0, 0))?.digit, undefined);
  assert.equal(readEvent(Uint8Array.of(1, 0, 0)), undefined);
  assert.deepEqual(['0', '*', 'D', 'E', '', '12'].map(isDigit), [true, true, true, false, false, false]);
});

test('the duration follows the clock', () => {
  const payload = Uint8Array.of(1, 10, 0x03, 0x20);
  rescaleEvent(payload, 8000, 48_000);
  assert.equal(readEvent(payload)?.duration, 4800);
});

test('a digit is heard once, at the first of its three ends', () => {
  const receiver = new EventReceiver(8000);
  assert.deepEqual(receiver.take(of('5', 160), 1000, 0), []);
  assert.deepEqual(receiver.take(of('5', 320), 1000, 20), []);
  assert.deepEqual(receiver.take(of('5', 800, true), 1000, 80), [{ digit: '5', durationMs: 100 }]);
  assert.deepEqual(receiver.take(of('5', 800, true), 1000, 100), []);
  assert.deepEqual(receiver.take(of('5', 800, true), 1000, 120), []);
});

test('the same digit twice is two digits', () => {
  const receiver = new EventReceiver(8000);
  receiver.take(of('5', 800, true), 1000, 0);
  assert.deepEqual(receiver.take(of('5', 640, true), 3000, 250), [{ digit: '5', durationMs: 80 }]);
});

test('a digit whose end is lost is heard when the next one begins, or after a while', () => {
  const receiver = new EventReceiver(8000);
  receiver.take(of('1', 480), 1000, 0);
  assert.deepEqual(receiver.take(of('2', 160), 3000, 200), [{ digit: '1', durationMs: 60 }]);
  assert.deepEqual(receiver.expire(300), []);
  assert.deepEqual(receiver.expire(351), [{ digit: '2', durationMs: 40 }]);
  assert.deepEqual(receiver.expire(900), []);
});

function played(sender: EventSender, untilMs: number): (EventToSend & { atMs: number })[] {
  const events: (EventToSend & { atMs: number })[] = [];
  for (let atMs = 0; atMs <= untilMs; atMs += 20) {
    const event = sender.next(atMs, 8000);
    if (event) events.push({ ...event, atMs });
  }
  return events;
}

test('a digit of 100 ms: growing duration, a marker at its start, three ends', () => {
  const sender = new EventSender();
  sender.add('7', 100);
  const events = played(sender, 400);
  assert.deepEqual(
    events.map((event) => event.duration),
    [0, 160, 320, 480, 640, 800, 800, 800],
  );
  assert.deepEqual(
    events.map((event) => event.isFirst),
    [true, false, false, false, false, false, false, false],
  );
  assert.deepEqual(
    events.map((event) => event.isEnd),
    [false, false, false, false, false, true, true, true],
  );
  assert.equal(sender.isBusy, false);
});

test('digits follow each other with a pause between them', () => {
  const sender = new EventSender();
  sender.add('1', 40);
  sender.add('2', 40);
  const events = played(sender, 600);
  const endOfFirst = events.findLast((event) => event.digit === '1')?.atMs ?? 0;
  const startOfSecond = events.find((event) => event.digit === '2')?.atMs ?? 0;
  assert.ok(startOfSecond - endOfFirst >= 60);
});

test('durations stay within what a packet can say, and the queue within reason', () => {
  const sender = new EventSender();
  assert.equal(sender.add('1', 1_000_000), true);
  assert.equal(Math.max(...played(sender, 7000).map((event) => event.duration)), 48_000);
  for (let index = 0; index < 64; index += 1) assert.equal(sender.add('1', 100), true);
  assert.equal(sender.add('1', 100), false);
});
