/** What a phone is asked about its picture, what it may ask, and in which codecs: a scripted phone calls baresip. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { FakeSipDialog } from '../../fakes/fake-sip-dialog.ts';
import { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import type { SipText } from '../../fakes/sip-text.ts';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import type { HeardPacket } from '../../peers/rtp-packet.ts';
import { RtpPeer } from '../../peers/rtp-peer.ts';
import { Switchboard } from '../../peers/switchboard.ts';

let gateway: Switchboard;
let phone: FakeSipPeer;
let sound: RtpPeer;
let picture: RtpPeer;
let dialog: FakeSipDialog;
let bob: Baresip;
beforeEach(async () => {
  [phone, sound, picture] = await Promise.all([FakeSipPeer.listen({ user: 'alice' }), RtpPeer.open(), RtpPeer.open()]);
  gateway.ladder.length = 0;
  dialog = phone.calls(gateway.address('bob'));
});
afterEach(async () => {
  sound.close();
  picture.close();
  await phone.close();
  await bob.stop();
});

/** A description of the scripted phone with a picture in H.264; `lines` follow that m-line. */
const describes = (lines: readonly string[] = [], formats = '0') =>
  [
    'v=0',
    'o=alice 77 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${sound.remote.port} RTP/AVP ${formats}`,
    `m=video ${picture.remote.port} RTP/AVP 99`,
    ...lines.filter((line) => line.startsWith('b=')),
    'a=rtpmap:99 H264/90000',
    `a=rtcp:${picture.remote.rtcpPort}`,
    'a=fmtp:99 packetization-mode=1;profile-level-id=42e01f',
    ...lines.filter((line) => !line.startsWith('b=')),
    '',
  ].join('\r\n');

const to = () => ({ address: '127.0.0.1', port: gateway.port });

/** Calls a baresip with a camera; both send from then on, the scripted phone what nobody can decode. */
async function calls(sdp: string, called: BaresipOptions = { video: ['H264'] }): Promise<SipText> {
  bob = await Baresip.start({ user: 'bob', toneHz: 1000, ...called });
  gateway.lines.set('bob', bob.uri);
  dialog.request('INVITE', to(), { sdp });
  const answer = await phone.receives('200');
  dialog.learn(answer);
  dialog.request('ACK', to());
  const port = Number(/m=video (\d+)/.exec(answer.body)?.[1]);
  if (port > 0)
    picture.play({ hz: 1, payloadType: 99, ssrc: 0x7777, sequence: 1, timestamp: 1 }, { address: '127.0.0.1', port });
  return answer;
}

async function hangsUp(): Promise<void> {
  dialog.request('BYE', to());
  await phone.receives('200');
}

/** Feedback about the picture, by its format: 1 is PLI, 4 is FIR (RFC 4585 s. 6.3, RFC 5104 s. 4.3.1). */
const asked = (format: number): boolean => picture.reports.some((report) => feedbackIn(report) === format);

function feedbackIn(report: Buffer): number | undefined {
  for (let at = 0; at + 4 <= report.length; at += 4 * (report.readUInt16BE(at + 2) + 1))
    if (report.readUInt8(at + 1) === 206) return report.readUInt8(at) & 0x1f;
  return undefined;
}

/** Packets that begin a whole picture: a unit of type 5, alone or as the first fragment (RFC 6184 s. 5). */
const wholePictures = (heard: readonly HeardPacket[]): number =>
  heard.filter(({ payload }) => {
    const [first = 0, second = 0] = payload;
    return (first & 0x1f) === 5 || ((first & 0x1f) === 28 && (second & 0x9f) === 0x85);
  }).length;

describe('whole pictures', () => {
  before(async () => {
    gateway = await Switchboard.open();
  });
  after(() => gateway.close());

  it('called needs one, caller has said nothing of feedback: it is asked by INFO', async () => {
    await calls(describes());
    const info = await phone.receives('INFO', 8_000);
    assert.equal(info.header('Content-Type'), 'application/media_control+xml');
    assert.match(info.body, /<picture_fast_update\/>/);
    dialog.reply(200, 'OK', { to: info });
    await hangsUp();
  });

  it('called needs one, caller understands PLI: it gets that, behind a report, and no INFO', async () => {
    await calls(describes(['a=rtcp-fb:99 nack pli']));
    await picture.until('a picture loss indication', () => asked(1));
    assert.equal(phone.count('INFO'), 0);
    await hangsUp();
  });

  it('called needs one, caller understands FIR only: it gets that', async () => {
    await calls(describes(['a=rtcp-fb:* ccm fir']));
    await picture.until('a full intra request', () => asked(4));
    assert.equal(asked(1), false);
    await hangsUp();
  });

  it('caller asks by INFO: the called sends a whole picture', async () => {
    await calls(describes(['a=rtcp-fb:99 nack pli']));
    await picture.until('a first whole picture', () => wholePictures(picture.heard) > 0);
    await picture.until('the rest of it', () => picture.heard.length > 15);
    const before = wholePictures(picture.heard);
    const body =
      '<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>';
    dialog.request('INFO', to(), { headers: ['Content-Type: application/media_control+xml'], sdp: body });
    await phone.receives('200');
    await picture.until('another whole picture', () => wholePictures(picture.heard) > before);
    await hangsUp();
  });

  it('caller asks by PLI: the called sends a whole picture', async () => {
    const answer = await calls(describes(['a=rtcp-fb:99 nack pli']));
    await picture.until('a first whole picture', () => wholePictures(picture.heard) > 0);
    await picture.until('the rest of it', () => picture.heard.length > 15);
    const before = wholePictures(picture.heard);
    const port = Number(/m=video (\d+)/.exec(answer.body)?.[1]) + 1;
    const request = Buffer.alloc(20);
    request.writeUInt32BE(0x80c9_0001, 0);
    request.writeUInt32BE(0x7777, 4);
    request.writeUInt32BE(0x81ce_0002, 8);
    request.writeUInt32BE(0x7777, 12);
    request.writeUInt32BE(picture.heard[0]?.ssrc ?? 0, 16);
    picture.sendReport(request, { address: '127.0.0.1', port });
    await picture.until('another whole picture', () => wholePictures(picture.heard) > before);
    await hangsUp();
  });

  it('caller names what it takes: the called is told', async () => {
    await calls(describes(['b=AS:256']));
    const invite = await gateway.saw('b=AS:256', 'gateway');
    assert.match(invite.detail ?? '', /m=video \d+ RTP\/AVP 99\r\n(c=.*\r\n)?b=AS:256\r\nb=TIAS:256000\r\n/);
    await hangsUp();
  });
});

describe('SYLK_SIP_CODECS=PCMA,PCMU', () => {
  before(async () => {
    gateway = await Switchboard.open({}, { codecs: ['PCMA', 'PCMU'] });
  });
  after(() => gateway.close());

  it('called is offered these, in this order, and no picture', async () => {
    const answer = await calls(describes([], '0 9 8'), { codecs: 'PCMA/8000/1' });
    const invite = await gateway.saw('INVITE sip:bob', 'gateway');
    assert.match(invite.detail ?? '', /m=audio \d+ RTP\/AVP 8 0 \d+\r\n/);
    assert.doesNotMatch(invite.detail ?? '', /m=video [1-9]/);
    assert.match(answer.body, /m=audio \d+ RTP\/AVP 8\r\n/);
    assert.match(answer.body, /m=video 0 RTP\/AVP 99/);
    await hangsUp();
  });

  it('caller with another codec only is refused with 488 that names what it has', async () => {
    bob = await Baresip.start({ user: 'bob' });
    dialog.request('INVITE', to(), { sdp: describes([], '9') });
    assert.match((await phone.receives('488')).header('Warning'), /one side has G722, the other PCMA, PCMU/);
    dialog.request('ACK', to(), { sameBranch: true });
  });
});
