import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneStates } from '../../../../test/fakes/phone-states.ts';
import { shortcut } from './shortcuts.ts';

test('single keys turn what is into its opposite', () => {
  const rows: readonly (readonly [string, string, unknown])[] = [
    ['audio-call', 'm', { kind: 'mute', call: 'call-1', isOn: true }],
    ['audio-call-muted', 'M', { kind: 'mute', call: 'call-1', isOn: false }],
    ['audio-call', 'v', { kind: 'camera', call: 'call-1', isOn: true }],
    ['video-call', 'v', { kind: 'camera', call: 'call-1', isOn: false }],
    ['video-call-camera-off', 'v', { kind: 'camera', call: 'call-1', isOn: true }],
    ['held-by-me', 'h', { kind: 'hold', call: 'call-1', isOn: false }],
    ['audio-call', 'k', { kind: 'open', sheet: 'keypad' }],
    ['audio-call', 'Escape', undefined],
    ['audio-call', 'q', undefined],
  ];
  for (const [name, key, request] of rows) {
    const call = phoneStates[name]?.snapshot.calls[0];
    assert.ok(call, name);
    assert.deepEqual(shortcut(key, call), request, `${name} ${key}`);
  }
});
