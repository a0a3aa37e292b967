import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readable } from './readable.ts';

test('a frame has a line a field, its SDP a line a line', () => {
  const frame = JSON.stringify({ sylkrtc: 'session-create', sdp: 'v=0\r\ns=-\r\n' });
  assert.equal(readable(frame), '{\n  "sylkrtc": "session-create",\n  "sdp": "v=0\n    s=-\n    "\n}');
});

test('a frame that was cut, and a SIP message, stay as they are', () => {
  assert.equal(readable('{"sylkrtc":"sess'), '{"sylkrtc":"sess');
  assert.equal(readable('BYE sip:a@b SIP/2.0\r\nVia: x\r\n\r\n'), 'BYE sip:a@b SIP/2.0\r\nVia: x');
});
