import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventEmitter } from './event-emitter.ts';

interface Events {
  said: [word: string, count: number];
  quiet: [];
}

test('listeners are called in the order in which they came, with all arguments', () => {
  const emitter = new EventEmitter<Events>();
  const heard: string[] = [];
  emitter.on('said', (word, count) => heard.push(`first ${word} ${count}`));
  emitter.addListener('said', (word) => heard.push(`second ${word}`));
  assert.equal(emitter.emit('said', 'hello', 2), true);
  assert.deepEqual(heard, ['first hello 2', 'second hello']);
  assert.equal(emitter.emit('quiet'), false);
});

test('a once listener is called once, also when it emits again itself', () => {
  const emitter = new EventEmitter<Events>();
  let calls = 0;
  emitter.once('quiet', () => {
    calls++;
    emitter.emit('quiet');
  });
  emitter.emit('quiet');
  assert.equal(calls, 1);
});

test('off removes the latest of equal listeners, removeAllListeners all of a name or of all names', () => {
  const emitter = new EventEmitter<Events>();
  let calls = 0;
  const listener = () => calls++;
  emitter.on('quiet', listener).on('quiet', listener).off('quiet', listener);
  assert.equal(emitter.listenerCount('quiet'), 1);
  emitter.removeAllListeners('quiet').emit('quiet');
  emitter.on('quiet', listener).removeAllListeners().emit('quiet');
  assert.equal(calls, 0);
});

test('a listener that throws does not stop the next one, and its error is reported on its own', (context) => {
  const reports: (() => void)[] = [];
  context.mock.method(globalThis, 'queueMicrotask', (report: () => void) => reports.push(report));
  const emitter = new EventEmitter<Events>();
  let reached = false;
  emitter.on('quiet', () => {
    throw new Error('a fault of the application');
  });
  emitter.on('quiet', () => {
    reached = true;
  });
  emitter.emit('quiet');
  assert.equal(reached, true);
  assert.throws(() => reports[0]?.(), /fault of the application/);
});

test('a listener can be put in front, once or for good, and be looked up', () => {
  const emitter = new EventEmitter<Events>();
  const heard: string[] = [];
  const last = () => heard.push('last');
  emitter.setMaxListeners(50).on('quiet', last);
  emitter.prependListener('quiet', () => heard.push('second'));
  emitter.prependOnceListener('quiet', () => heard.push('first'));
  emitter.emit('quiet');
  emitter.emit('quiet');
  assert.deepEqual(heard, ['first', 'second', 'last', 'second', 'last']);
  assert.equal(emitter.listeners('quiet').at(-1), last);
  assert.deepEqual(emitter.eventNames(), ['quiet']);
});
