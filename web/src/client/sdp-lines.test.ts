import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addsMedia, directionsByKind, mediaAddresses, offersBothWays, readSdpLines } from './sdp-lines.ts';

const chromium = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=sendrecv',
  'a=rtpmap:111 opus/48000/2',
  'm=video 0 UDP/TLS/RTP/SAVPF 96',
  'a=mid:1',
  'a=inactive',
  '',
].join('\r\n');

test('kind, port and direction of each line', () => {
  assert.deepEqual(readSdpLines(chromium), [
    { kind: 'audio', port: 9, direction: 'sendrecv' },
    { kind: 'video', port: 0, direction: 'inactive' },
  ]);
});

test('a line without direction has that of the session, or sendrecv', () => {
  assert.equal(readSdpLines('v=0\r\na=sendonly\r\nm=audio 9 RTP/AVP 0\r\n')[0]?.direction, 'sendonly');
  assert.equal(readSdpLines('v=0\nm=audio 9 RTP/AVP 0\n')[0]?.direction, 'sendrecv');
  assert.deepEqual(readSdpLines(''), []);
});

test('directions by kind, and what is offered both ways', () => {
  const lines = readSdpLines(chromium);
  assert.deepEqual(directionsByKind(lines), { audio: ['sendrecv'], video: ['inactive'] });
  assert.equal(offersBothWays(lines, 'audio'), true);
  assert.equal(offersBothWays(lines, 'video'), false);
  assert.equal(offersBothWays([{ kind: 'video', port: 0, direction: 'sendrecv' }], 'video'), false);
});

test('media is added by a new line or a new direction, not by a line that falls silent', () => {
  const audio = { kind: 'audio', port: 9, direction: 'sendrecv' } as const;
  const video = { kind: 'video', port: 9, direction: 'sendrecv' } as const;
  assert.equal(addsMedia([audio, video], [audio]), true);
  assert.equal(addsMedia([audio, video], [audio, { ...video, direction: 'recvonly' }]), true);
  assert.equal(addsMedia([audio, { ...video, direction: 'inactive' }], [audio, video]), false);
  assert.equal(addsMedia([audio, { ...video, port: 0 }], [audio, video]), false);
});

test('the places where the gateway listens, each once', () => {
  const candidate = (kind: string, place: string) => `a=candidate:${kind} 1 ${kind} 1 ${place} typ host\r\n`;
  const line = `m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n${candidate('udp', '192.0.2.7 40000')}${candidate('tcp', '192.0.2.7 40000')}`;
  assert.deepEqual(mediaAddresses(`v=0\r\n${line}${line}${candidate('UDP', '2001:db8::7 40001')}`), [
    { protocol: 'udp', address: '192.0.2.7', port: 40_000 },
    { protocol: 'tcp', address: '192.0.2.7', port: 40_000 },
    { protocol: 'udp', address: '2001:db8::7', port: 40_001 },
  ]);
  assert.deepEqual(mediaAddresses('v=0\r\n'), []);
});
