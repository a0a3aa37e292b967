import assert from 'node:assert/strict';
import { test } from 'node:test';
import { legId } from '@sylk/protocol/ids.ts';
import type { LegEvent } from '../call/call-leg.ts';
import type { Codec } from '../call/media.ts';
import { EchoLeg } from './echo-leg.ts';
import { inDialogText, inviteStatus, inviteText, readAnswer, rtpPacket } from './probe-messages.ts';

const codec = (mimeType: string, payloadType: number, clockRate = 8000): Codec => ({
  mimeType,
  payloadType,
  clockRate,
  parameters: {},
});

test('echo takes the first codec of each line, with the events, and turns directions round', async () => {
  const echo = new EchoLeg(legId('e'));
  const told: LegEvent[] = [];
  echo.listen((event) => told.push(event));
  const events = codec('audio/telephone-event', 126);
  await echo.start({
    lines: [
      {
        kind: 'audio',
        direction: 'sendrecv',
        codecs: [codec('audio/opus', 111, 48_000), codec('audio/PCMU', 0), events],
      },
      { kind: 'video', direction: 'sendonly', codecs: [codec('video/VP8', 96, 90_000)] },
    ],
  });
  const [answered] = told;
  assert.ok(answered?.kind === 'answered');
  assert.deepEqual(
    answered.answer.lines.map(
      (line) => `${line.kind} ${line.direction} ${line.codecs.map((item) => item.payloadType).join()}`,
    ),
    ['audio sendrecv 111,126', 'video recvonly 96'],
  );
});

test("echo gives back digits, and takes the caller's capacity for its own", async () => {
  const echo = new EchoLeg(legId('e'));
  const told: LegEvent[] = [];
  echo.listen((event) => told.push(event));
  await echo.sendDtmf('5', 90);
  await echo.limitBitrate(300_000);
  assert.deepEqual(told, [
    { kind: 'dtmf', digit: '5', durationMs: 90 },
    { kind: 'capacity', bps: 300_000 },
  ]);
});

const call = { host: '192.0.2.1', sipPort: 6000, rtpPort: 7000, to: 'echo@sylk.test', callId: 'p1', fromTag: 'f' };

test('a probe reads its answer, and only its own', () => {
  const ok = [
    'SIP/2.0 200 OK',
    'Call-ID: p1',
    'CSeq: 1 INVITE',
    'To: <sip:echo@sylk.test>;tag=t9',
    'Contact: <sip:echo@192.0.2.1:5060>',
    '',
    'v=0',
    'c=IN IP4 192.0.2.1',
    'm=audio 43002 RTP/AVP 0',
    '',
  ].join('\r\n');
  assert.equal(inviteStatus(ok, 'p1'), 200);
  assert.equal(inviteStatus(ok, 'p2'), undefined);
  assert.equal(inviteStatus('INVITE sip:x SIP/2.0', 'p1'), undefined);
  const answer = readAnswer(ok);
  assert.deepEqual(answer, {
    toTag: 't9',
    target: 'sip:echo@192.0.2.1:5060',
    media: { address: '192.0.2.1', port: 43_002 },
  });
  assert.equal(readAnswer('SIP/2.0 200 OK\r\n\r\n'), undefined);
});

test('the length of its description is told, and requests in the dialog go to the contact', () => {
  const invite = inviteText(call, 'b1');
  const [head = '', body = ''] = invite.split('\r\n\r\n');
  assert.equal(Number(/Content-Length: (\d+)/.exec(head)?.[1]), body.length);
  const answer = { toTag: 't9', target: 'sip:echo@192.0.2.1:5060', media: { address: 'x', port: 1 } };
  assert.match(
    inDialogText(call, answer, 'ACK', 'b2'),
    /^ACK sip:echo@192\.0\.2\.1:5060 SIP\/2\.0\r\n[\s\S]*;tag=t9\r\n[\s\S]*CSeq: 1 ACK/,
  );
  assert.match(inDialogText(call, answer, 'BYE', 'b3'), /CSeq: 2 BYE/);
});

test('its packets are RTP of 20 ms', () => {
  const packet = rtpPacket(7, 3);
  assert.deepEqual(
    [packet.length, packet.readUInt16BE(2), packet.readUInt32BE(4), packet.readUInt32BE(8)],
    [172, 3, 480, 7],
  );
});
