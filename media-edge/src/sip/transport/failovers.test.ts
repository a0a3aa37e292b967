import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Core } from 'sip.js';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { defaultTimers } from '../sip-timers.ts';
import { type FailoverOptions, Failovers } from './failovers.ts';
import type { Flow } from './flow.ts';

let clock: FakeClock;
let failovers: Failovers;
let done: string[];
let close: () => void;
beforeEach(() => {
  clock = new FakeClock();
  failovers = new Failovers(clock, defaultTimers);
  done = [];
});

function watch(method: string, more: Partial<FailoverOptions> = {}): () => boolean {
  const closing = new Set<() => void>();
  close = () => {
    for (const callback of closing) callback();
  };
  const flow: Flow = {
    id: 'tcp-1',
    peer: { protocol: 'TCP', address: '192.0.2.1', port: 5060 },
    isOpen: true,
    identities: [],
    send: async () => undefined,
    onceClosed: (callback) => {
      closing.add(callback);
      return () => void closing.delete(callback);
    },
  };
  return failovers.watch({
    method,
    wireBranch: 'z9hG4bKa-1',
    branch: 'z9hG4bKa',
    flow,
    moveOn: (why) => void done.push(why),
    resend: undefined,
    worked: () => void done.push('worked'),
    ...more,
  });
}

function response(method: string, statusCode: number, branch = 'z9hG4bKa-1'): Core.IncomingResponseMessage {
  const message = new Core.IncomingResponseMessage();
  return Object.assign(message, { method, statusCode, viaBranch: branch });
}

test('a silent server is left after four seconds, and its late answer still counts', async () => {
  watch('BYE');
  await clock.advance(4_000);
  assert.deepEqual(done, ['silent']);
  const late = response('BYE', 200);
  assert.equal(failovers.receives(late), true);
  assert.equal(late.viaBranch, 'z9hG4bKa');
});

test('any word of it ends the patience', async () => {
  watch('INVITE');
  assert.equal(failovers.receives(response('INVITE', 100)), true);
  await clock.advance(10_000);
  assert.deepEqual(done, ['worked']);
});

test('503 goes to the next server unseen, but not for INVITE, whose refusal needs an ACK', () => {
  watch('BYE');
  assert.equal(failovers.receives(response('BYE', 503)), false);
  watch('INVITE');
  assert.equal(failovers.receives(response('INVITE', 503)), true);
  watch('INFO', { moveOn: undefined });
  assert.equal(failovers.receives(response('INFO', 503)), true);
  assert.deepEqual(done, ['unavailable', 'worked', 'worked']);
});

test('copies of a 2xx to INVITE are told the branch as well; other methods are over with the first', () => {
  watch('INVITE');
  for (let copy = 0; copy < 3; copy++) {
    const message = response('INVITE', 200);
    failovers.receives(message);
    assert.equal(message.viaBranch, 'z9hG4bKa');
  }
  watch('BYE');
  failovers.receives(response('BYE', 200));
  const copy = response('BYE', 200);
  failovers.receives(copy);
  assert.equal(copy.viaBranch, 'z9hG4bKa-1');
});

test('a connection that closes before the answer has the request sent again, or moved on', () => {
  const unwatch = watch('BYE', { resend: () => void done.push('resent') });
  close();
  assert.deepEqual([done, unwatch()], [['resent'], false]);
  watch('BYE');
  close();
  assert.deepEqual(done, ['resent', 'silent']);
});

test('a connection that closes after the answer changes nothing', () => {
  const unwatch = watch('INVITE', { resend: () => void done.push('resent') });
  failovers.receives(response('INVITE', 180));
  close();
  assert.deepEqual([done, unwatch()], [['worked'], true]);
});

test('what nobody watches passes as it is, and closing leaves no timer', async () => {
  const message = response('BYE', 200, 'z9hG4bKother');
  assert.equal(failovers.receives(message), true);
  assert.equal(message.viaBranch, 'z9hG4bKother');
  watch('BYE');
  failovers.close();
  assert.equal(clock.pending, 0);
});
