import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameEntry } from './frame-label.ts';

const table: readonly (readonly [message: Parameters<typeof frameEntry>[1], label: string])[] = [
  [{ sylkrtc: 'session-create' }, 'session-create'],
  [{ sylkrtc: 'ack' }, 'ack'],
  [{ sylkrtc: 'session-event', event: 'state', state: 'ringing' }, 'session-event ringing'],
  [{ sylkrtc: 'session-event', event: 'update', state: 'received' }, 'session-event update received'],
  [{ sylkrtc: 'session-event', event: 'hold' }, 'session-event hold'],
  [{ sylkrtc: 'account-event', event: 'incoming-session' }, 'account-event incoming-session'],
];
for (const [message, label] of table) {
  test(`${JSON.stringify(message)} is called '${label}'`, () =>
    assert.equal(frameEntry('toBrowser', message).label, label));
}

test('the direction is who speaks to whom', () => {
  const { from, to } = frameEntry('fromBrowser', { sylkrtc: 'ack' });
  assert.deepEqual([from, to], ['browser', 'gateway']);
});
