/** What phones do with RTP and their descriptions that a tidy one never does: a scripted phone calls baresip. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { FakeSipDialog } from '../../fakes/fake-sip-dialog.ts';
import { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import type { SipText } from '../../fakes/sip-text.ts';
import { Baresip } from '../../peers/baresip.ts';
import { RtpPeer } from '../../peers/rtp-peer.ts';
import { Switchboard } from '../../peers/switchboard.ts';

const tone = { hz: 440, ssrc: 0xabcd, sequence: 65_500, timestamp: 0xffff_ff00 };

let gateway: Switchboard;
let bob: Baresip;
before(async () => {
  gateway = await Switchboard.open();
});
after(() => gateway.close());

let phone: FakeSipPeer;
let sound: RtpPeer;
let dialog: FakeSipDialog;
beforeEach(async () => {
  [phone, sound] = await Promise.all([FakeSipPeer.listen({ user: 'alice' }), RtpPeer.open()]);
  gateway.ladder.length = 0;
  dialog = phone.calls(gateway.address('bob'));
});
afterEach(async () => {
  sound.close();
  await phone.close();
});

/** A description of the scripted phone; `lines` follow the m-line of its sound. */
const describes = (
  lines: readonly string[] = [],
  options: { port?: number; profile?: string; formats?: string } = {},
) =>
  [
    'v=0',
    'o=alice 77 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${options.port ?? sound.remote.port} ${options.profile ?? 'RTP/AVP'} ${options.formats ?? '0 101'}`,
    'a=rtpmap:101 telephone-event/8000',
    ...lines,
    '',
  ].join('\r\n');

const there = { address: '127.0.0.1', port: 0 };

/** Where the answer says that sound goes. */
const portOf = (answer: SipText) => ({ ...there, port: Number(/m=audio (\d+)/.exec(answer.body)?.[1]) });

const to = () => ({ address: '127.0.0.1', port: gateway.port });

async function calls(sdp: string): Promise<SipText> {
  dialog.request('INVITE', to(), { sdp });
  const answer = await phone.receives('200');
  dialog.learn(answer);
  dialog.request('ACK', to());
  return answer;
}

async function hangsUp(): Promise<void> {
  dialog.request('BYE', to());
  await phone.receives('200');
}

async function isRefused(sdp: string): Promise<string> {
  dialog.request('INVITE', to(), { sdp });
  const refused = await phone.receives('488');
  dialog.request('ACK', to(), { sameBranch: true });
  return refused.header('Warning');
}

const near = (heard: number | undefined, hz: number) =>
  assert.ok(heard !== undefined && Math.abs(heard - hz) < hz * 0.02, `heard ${heard} Hz, expected ${hz}`);

describe('with a phone that answers', () => {
  beforeEach(async () => {
    bob = await Baresip.start({ user: 'bob', toneHz: 1000 });
    gateway.lines.set('bob', bob.uri);
  });
  afterEach(() => bob.stop());

  const heardBob = () => sound.until('a second of bob', () => sound.heard.length > 50);

  it('caller behind a NAT sends from another port than it names: it is heard, and answered there', async () => {
    const named = await RtpPeer.open();
    const answer = await calls(describes([], { port: named.remote.port }));
    sound.play(tone, portOf(answer));
    await heardBob();
    near(sound.heardHz(), 1000);
    named.close();
    await hangsUp();
    await bob.event('CALL_CLOSED');
    near(await bob.heardHz(), 440);
  });

  it('caller changes its SSRC in mid-call: the called goes on to hear it, in one stream', async () => {
    const answer = await calls(describes());
    sound.play(tone, portOf(answer));
    await heardBob();
    sound.play({ hz: 700, ssrc: 0x9999, sequence: 17, timestamp: 5 }, portOf(answer));
    sound.heard.length = 0;
    await heardBob();
    await sound.until('two seconds', () => sound.heard.length > 100);
    await hangsUp();
    await bob.event('CALL_CLOSED');
    assert.doesNotMatch(bob.process.output, /SSRC changed/i);
  });

  it('caller sends comfort noise between its sounds: nobody counts a loss', async () => {
    const answer = await calls(describes([], { formats: '0 13 101' }));
    assert.doesNotMatch(answer.body, /m=audio \d+ RTP\/AVP [\d ]*\b13\b/, 'noise is not agreed on');
    sound.play(tone, portOf(answer));
    await heardBob();
    sound.stop();
    const noise = Buffer.from([0x80, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd, 50]);
    for (let index = 0; index < 5; index += 1) {
      noise.writeUInt16BE((65_500 + 400 + index) & 0xffff, 2);
      sound.send(noise, portOf(answer));
    }
    const [transport] = gateway.transports.slice(-2);
    const { packetsIn } = (await transport?.stats()) ?? { packetsIn: 0 };
    assert.ok(packetsIn > 50);
    await hangsUp();
    await bob.event('CALL_CLOSED');
  });

  it('caller wants RTP and RTCP on one port: it is agreed on, and reports come there', async () => {
    const answer = await calls(describes(['a=rtcp-mux']));
    assert.match(answer.body, /a=rtcp-mux\r\n/);
    sound.play(tone, portOf(answer));
    await sound.until('a report on the port of sound', () => sound.heard.some(({ payloadType }) => payloadType >= 72));
    assert.equal(sound.reports.length, 0);
    await hangsUp();
  });

  it('caller names a port of its own for RTCP: reports come there', async () => {
    const answer = await calls(describes([`a=rtcp:${sound.remote.rtcpPort}`]));
    assert.doesNotMatch(answer.body, /a=rtcp-mux/);
    sound.play(tone, portOf(answer));
    await sound.until('a report', () => sound.reports.length > 0);
    assert.equal(sound.reports[0]?.readUInt8(1), 200);
    await hangsUp();
  });

  it('caller sends RTCP XR and other reports that nobody reads: the sound goes on', async () => {
    const answer = await calls(describes());
    const target = portOf(answer);
    sound.play(tone, target);
    await heardBob();
    const extended = Buffer.from([0x80, 207, 0, 3, 0, 0, 0xab, 0xcd, 4, 0, 0, 1, 0, 0, 0, 0]);
    for (const report of [extended, Buffer.from([0x80, 204, 0, 0]), Buffer.alloc(40, 0xff)])
      sound.sendReport(report, { ...target, port: target.port + 1 });
    const before = sound.heard.length;
    await sound.until('more sound', () => sound.heard.length > before + 50);
    await hangsUp();
    await bob.event('CALL_CLOSED');
    near(await bob.heardHz(), 440);
  });

  it('caller offers RTP/AVPF: answered in that profile', async () => {
    const answer = await calls(describes([], { profile: 'RTP/AVPF' }));
    assert.match(answer.body, /m=audio \d+ RTP\/AVPF 0 101/);
    sound.play(tone, portOf(answer));
    await heardBob();
    near(sound.heardHz(), 1000);
    await hangsUp();
  });

  it('caller presses a digit by RFC 4733: the called hears it as such', async () => {
    const answer = await calls(describes());
    sound.play(tone, portOf(answer));
    await heardBob();
    for (let index = 0; index < 9; index += 1) sound.send(digitPacket(7, index, index > 5), portOf(answer));
    await bob.process.says(/received event: '7'/);
    await hangsUp();
  });

  it('caller presses a digit by INFO: the called hears it by RFC 4733', async () => {
    const answer = await calls(describes());
    sound.play(tone, portOf(answer));
    await heardBob();
    const headers = ['Content-Type: application/dtmf-relay'];
    dialog.request('INFO', to(), { headers, sdp: 'Signal=5\r\nDuration=160\r\n' });
    await phone.receives('200');
    await bob.process.says(/received event: '5'/);
    await hangsUp();
  });

  it('called presses a digit, and the caller has no telephone events: it gets INFO', async () => {
    const answer = await calls(describes([], { formats: '0' }));
    sound.play(tone, portOf(answer));
    await heardBob();
    bob.command('sndcode', '9');
    const info = await phone.receives('INFO', 5_000);
    assert.match(info.body, /Signal=9\r\n/);
    dialog.reply(200, 'OK', { to: info });
    await hangsUp();
  });

  it('caller asks for a whole picture by INFO though there is none: it is answered all the same', async () => {
    await calls(describes());
    const body =
      '<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>';
    dialog.request('INFO', to(), { headers: ['Content-Type: application/media_control+xml'], sdp: body });
    await phone.receives('200');
    await hangsUp();
  });
});

describe('an offer that nobody can take is refused with 488 in words', () => {
  before(() => {
    gateway.lines.set('bob', 'bob@127.0.0.1:9');
  });

  for (const [name, sdp, words] of [
    ['G.729 and GSM only', () => describes(['a=rtpmap:18 G729/8000'], { formats: '18 3 101' }), /G729, GSM/],
    ['RTP/SAVP without a key', () => describes([], { profile: 'RTP/SAVP' }), /RTP\/SAVP comes without a key/],
    [
      'RTP/SAVP with a suite that nobody has',
      () => describes([`a=crypto:1 F8_128_HMAC_SHA1_80 inline:${'A'.repeat(40)}`], { profile: 'RTP/SAVP' }),
      /without a key that is known/,
    ],
    [
      'DTLS without ICE',
      () =>
        describes([`a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`, 'a=setup:actpass'], {
          profile: 'UDP/TLS/RTP/SAVP',
        }),
      /encryption by DTLS/,
    ],
  ] as const) {
    it(`caller offers ${name}`, async () => {
      assert.match(await isRefused(sdp()), words);
    });
  }
});

/** One packet of an event that lasts 20 ms a packet. */
function digitPacket(digit: number, index: number, isEnd: boolean): Buffer {
  const packet = Buffer.alloc(16);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((index === 0 ? 0x80 : 0) | 101, 1);
  packet.writeUInt16BE((tone.sequence + 3000 + index) & 0xffff, 2);
  packet.writeUInt32BE(12_345, 4);
  packet.writeUInt32BE(tone.ssrc, 8);
  packet.writeUInt8(digit, 12);
  packet.writeUInt8((isEnd ? 0x80 : 0) | 10, 13);
  packet.writeUInt16BE(160 * Math.min(index + 1, 6), 14);
  return packet;
}
