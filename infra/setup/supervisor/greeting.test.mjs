import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greeting } from './greeting.mjs';
import { parseAnnouncement } from './part.mjs';

test('the greeting names the ports that the parts announce', () => {
  const announcements = new Map([
    ['signaling', { httpPort: 1, httpsPort: 2 }],
    ['edge', { sipPort: 3 }],
  ]);
  assert.equal(
    greeting(announcements, { SYLK_PUBLIC_ADDRESS: '198.51.100.7' }),
    'Sylk gateway is ready: page http://localhost:1/ and https://198.51.100.7:2/, SIP 198.51.100.7:3 (UDP and TCP); Ctrl-C ends it',
  );
});

test('what the parts do not say comes from the settings', () => {
  const settings = {
    SYLK_PUBLIC_ADDRESS: '2001:db8::7',
    SYLK_HTTP_PORT: '81',
    SYLK_HTTPS_PORT: '444',
    SYLK_SIP_PORT: '5062',
  };
  const text = greeting(new Map([['signaling', {}]]), settings);
  assert.match(text, /http:\/\/localhost:81\/ and https:\/\/\[2001:db8::7\]:444\/, SIP \[2001:db8::7\]:5062/);
});

test('a line is an announcement only if it names its part', () => {
  assert.deepEqual(parseAnnouncement('{"ready":"edge"}', 'edge'), { ready: 'edge' });
  for (const line of ['{"ready":"signaling"}', '{"level":30}', 'ready', '{', 'null']) {
    assert.equal(parseAnnouncement(line, 'edge'), undefined);
  }
});
