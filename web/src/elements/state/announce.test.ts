import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneStates } from '../../../../test/fakes/phone-states.ts';
import { en } from '../messages/en.ts';
import { assertiveText, politeText } from './announce.ts';

test('a screen reader is told what is seen', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['first-visit', '', ''],
    ['missed-calls', 'Missed call from Mary Owens.', ''],
    ['calling', 'Bob van Jones: Calling…', ''],
    ['ringing', 'Bob van Jones: Ringing…', ''],
    ['audio-call', 'Connected.', ''],
    ['held-by-me', 'On hold. They hear nothing.', ''],
    ['held-by-them', 'Bob van Jones put you on hold.', ''],
    ['reconnecting', 'The connection was lost. Reconnecting…', ''],
    ['weak-video', 'Your connection is weak.', ''],
    ['sharing-screen', 'You are sharing your screen.', ''],
    ['incoming-video', '', 'Incoming video call from Mary Owens.'],
    ['incoming-second', 'Connected.', 'Incoming video call from Mary Owens.'],
    ['ended-missed', 'Missed call from Mary Owens.', ''],
    ['ended-failed', 'Call ended. No one has the address bob@example.org. Check the spelling.', ''],
  ];
  for (const [name, polite, assertive] of rows) {
    const script = phoneStates[name];
    assert.ok(script, name);
    assert.deepEqual([politeText(script.snapshot, en), assertiveText(script.snapshot, en)], [polite, assertive], name);
  }
});
