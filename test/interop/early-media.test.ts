import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { FakeSipDialog } from '../fakes/fake-sip-dialog.ts';
import { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp, type SipText } from '../fakes/sip-text.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';
import { RtpPeer } from '../peers/rtp-peer.ts';

const announcement = { hz: 600, ssrc: 6, sequence: 600, timestamp: 600 };
const voice = { hz: 1000, ssrc: 10, sequence: 1000, timestamp: 1000 };

describe('a page calls a phone that speaks before it answers', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let alice: PagePhone;
  let phone: FakeSipPeer;
  let rtp: RtpPeer;
  let dialog: FakeSipDialog;
  let call: string;
  before(async () => {
    gateway = await startGateway();
    browser = await startChromium();
    alice = await PagePhone.open(browser, gateway.origin, await gateway.mint());
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });
  beforeEach(async () => {
    phone = await FakeSipPeer.listen({});
    rtp = await RtpPeer.open();
    call = await alice.call(phone.uri);
    const invite = await phone.receives('INVITE');
    dialog = phone.takes(invite);
    dialog.reply(183, 'Session Progress', { sdp: sdp('0 101') });
    rtp.play(announcement, mediaPlace(invite));
    await alice.hears(call, announcement.hz);
    assert.ok(!(await alice.see(call)).states.includes('accepted'), 'it is answered already');
  });
  afterEach(async () => {
    rtp.close();
    await phone.close();
  });

  const sdp = (codecs: string, version = 1) => phoneSdp({ codecs, port: rtp.remote.port, version });

  async function hangsUp(): Promise<void> {
    await alice.act(call, 'terminate');
    dialog.reply(200, 'OK', { to: await phone.receives('BYE') });
    assert.match((await alice.reaches(call, 'terminated')).reason ?? '', /^200/);
  }

  it('and answers in the same codec: the page hears both', async () => {
    dialog.reply(200, 'OK', { sdp: sdp('0 101') });
    await phone.receives('ACK');
    rtp.play(voice, rtpOf(phone));
    await alice.reaches(call, 'established');
    await alice.hears(call, voice.hz);
    await rtp.until('the page is heard', () => rtp.heard.length > 60);
    await hangsUp();
  });

  it('and answers in another, but agrees to the first when asked: the page hears both', async () => {
    dialog.reply(200, 'OK', { sdp: sdp('8 101') });
    await phone.receives('ACK');
    const again = await phone.receives('INVITE');
    assert.match(again.body, /m=audio \d+ RTP\/AVP 0 101/);
    dialog.reply(200, 'OK', { to: again, sdp: sdp('0 101', 2) });
    await phone.receives('ACK');
    rtp.play(voice, mediaPlace(again));
    await alice.reaches(call, 'established');
    await alice.hears(call, voice.hz);
    const since = rtp.heard.length;
    await rtp.until('the page is heard', () => rtp.heard.length - since > 60);
    assert.ok(
      rtp.heard.slice(since).every(({ payloadType }) => payloadType === 0),
      'the phone hears the codec of its early media',
    );
    await hangsUp();
  });

  it('and answers in another, and insists: the call ends with 488 on both sides, in words', async () => {
    dialog.reply(200, 'OK', { sdp: sdp('8 101') });
    await phone.receives('ACK');
    dialog.reply(488, 'Not Acceptable Here', { to: await phone.receives('INVITE') });
    await phone.receives('ACK');
    const bye = await phone.receives('BYE');
    assert.match(bye.header('Reason'), /cause=488/);
    dialog.reply(200, 'OK', { to: bye });
    const { reason = '' } = await alice.reaches(call, 'terminated');
    assert.match(reason, /^488 .*\w+ \w+/);
  });

  it('and then declines: the page hears the announcement, and the code', async () => {
    dialog.reply(603, 'Decline');
    await phone.receives('ACK');
    assert.match((await alice.reaches(call, 'terminated')).reason ?? '', /^603 /);
  });

  it('and the page gives up during the announcement: the phone is cancelled', async () => {
    await alice.act(call, 'terminate');
    dialog.reply(200, 'OK', { to: await phone.receives('CANCEL') });
    dialog.reply(487, 'Request Terminated');
    await phone.receives('ACK');
    await alice.reaches(call, 'terminated');
  });
});

/** Where the gateway wants the media of this offer. */
function mediaPlace(offer: SipText): { address: string; port: number } {
  const port = Number(/^m=audio (\d+)/m.exec(offer.body)?.[1]);
  const address = /^c=IN IP4 (\S+)/m.exec(offer.body)?.[1] ?? '127.0.0.1';
  return { address, port };
}

function rtpOf(phone: FakeSipPeer): { address: string; port: number } {
  const invite = phone.received.find(({ what }) => what === 'INVITE');
  if (invite === undefined) throw new Error('no INVITE came');
  return mediaPlace(invite);
}
