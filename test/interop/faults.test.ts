import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, hostAddress, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';
import { type Script, ScriptedPhone } from '../peers/scripted-phone.ts';

const g729 =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n';

/** What a phone does, and the words that the ladder must find for it. */
const phoneFaults: Record<string, [script: Script, cause: RegExp]> = {
  'a phone that answers with a codec nobody offered': [{ status: '200 OK', sdp: g729 }, /codec/i],
  'a phone that refuses the codecs': [{ status: '488 Not Acceptable Here' }, /codec/i],
  'a phone that wants a password': [
    { status: '401 Unauthorized', headers: ['WWW-Authenticate: Digest realm="x", nonce="y"'] },
    /sign in|account|password|know/i,
  ],
  'a phone that is busy': [{ status: '486 Busy Here' }, /busy/i],
  'a phone whose owner declines': [{ status: '603 Decline' }, /declin/i],
  'a server that fails': [{ status: '500 Server Internal Error' }, /problem|server/i],
  'a phone that has moved away for good': [{ status: '410 Gone' }, /expired|gone|no longer/i],
};

describe('the ladder names the cause of', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let account: { address: string; password: string };
  let alice: PagePhone;
  before(async () => {
    gateway = await startGateway({ SYLK_PEER_NETWORKS: `127.0.0.1/32,${hostAddress()}/32` });
    browser = await startChromium();
    account = await gateway.mint();
    alice = await PagePhone.open(browser, gateway.origin, account);
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  async function causeOf(call: string, timeoutMs = 15_000): Promise<string> {
    await alice.reaches(call, 'terminated', timeoutMs);
    const response = await fetch(`${gateway.origin}/api/calls/${call}`, {
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${account.address}:${account.password}`).toString('base64')}`,
      },
    });
    assert.equal(response.status, 200);
    const ladder: unknown = await response.json();
    return String(Object(ladder).cause);
  }

  for (const [name, [script, cause]] of Object.entries(phoneFaults)) {
    it(name, async () => {
      const phone = await ScriptedPhone.start(script);
      try {
        assert.match(await causeOf(await alice.call(phone.uri)), cause);
      } finally {
        phone.stop();
      }
    });
  }

  it('a phone that never answers the INVITE', async () => {
    const phone = await ScriptedPhone.start(undefined);
    try {
      assert.match(await causeOf(await alice.call(phone.uri), 45_000), /no answer|silent|not answer|respond/i);
    } finally {
      phone.stop();
    }
  });

  it('a domain without any service for calls', async () => {
    assert.match(await causeOf(await alice.call('bob@no-such-domain.invalid'), 30_000), /no service|DNS|domain/i);
  });

  it('a peer in a network that is not allowed', async () => {
    assert.match(await causeOf(await alice.call('bob@10.1.2.3')), /network|not allowed/i);
  });

  it('an address that does not exist here', async () => {
    assert.match(await causeOf(await alice.call(`nobody@${gateway.domain}`)), /no one|unknown|does not exist|nobody/i);
  });

  it('someone who is not signed in', async () => {
    const away = await gateway.mint();
    assert.match(await causeOf(await alice.call(away.address)), /not signed in|away/i);
  });

  it('a media worker that dies', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established');
      execFileSync('pkill', ['-KILL', '-P', String(gateway.edge.child.pid), '-f', 'mediasoup-worker']);
      assert.match(await causeOf(call), /media worker/i);
    } finally {
      await bob.stop();
    }
  });

  it('a page whose network blocks all media', async () => {
    const blocked = await startChromium({ args: ['--force-webrtc-ip-handling-policy=disable_non_proxied_udp'] });
    try {
      const page = await PagePhone.open(blocked, gateway.origin, account);
      // Without any candidate pair that works, neither UDP nor TCP, the page can reach nothing.
      await page.page.evaluate(() => {
        const set = RTCPeerConnection.prototype.setRemoteDescription;
        RTCPeerConnection.prototype.setRemoteDescription = function (description: RTCSessionDescriptionInit) {
          const sdp = description.sdp?.replace(/a=candidate:.*\r\n/g, '');
          return Reflect.apply(set, this, [{ type: description.type, sdp }]);
        };
      });
      const call = await page.call(`echo@${gateway.domain}`);
      await page.reaches(call, 'terminated', 45_000);
      const response = await fetch(`${gateway.origin}/api/calls/${call}`, {
        headers: {
          accept: 'application/json',
          authorization: `Basic ${Buffer.from(`${account.address}:${account.password}`).toString('base64')}`,
        },
      });
      assert.match(String(Object(await response.json()).cause), /UDP.*TCP|ICE|network blocks/i);
    } finally {
      await blocked.close();
    }
  });
});
