import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outline } from './outline.ts';

test('the outline of a call leaves out the bodies of messages only', () => {
  const ladder = [
    'cause: The caller hung up.',
    '',
    '20:38:25.226  gateway  -> browser   ack',
    '              {"sylkrtc":"ack"}',
    '20:38:25.281  browser  -> media',
    '              ice connected',
  ];
  assert.equal(outline(ladder.join('\n')), ladder.filter((line) => !line.includes('{')).join('\n'));
});
