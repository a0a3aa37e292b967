/** baresip with ICE and DTLS-SRTP calls: media come without the relay, and meet those of another kind of phone. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { PlainTransport } from '../../../media-edge/src/ports/sfu.ts';
import type { FakeSipDialog } from '../../fakes/fake-sip-dialog.ts';
import { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { Switchboard } from '../../peers/switchboard.ts';

let gateway: Switchboard;
before(async () => {
  gateway = await Switchboard.open();
});
after(() => gateway.close());

let phones: Baresip[] = [];
afterEach(async () => {
  await Promise.all(phones.map((phone) => phone.stop()));
  phones = [];
  gateway.ladder.length = 0;
  gateway.transports.length = 0;
});

/** The gateway answers STUN on its SIP port, so that baresip has somebody to ask. */
const byIce = (more: BaresipOptions = {}): BaresipOptions => ({
  modules: ['dtls_srtp', 'ice'],
  hasRtcpMux: true,
  ...more,
  account: `medianat=ice;mediaenc=dtls_srtp;stunserver="stun:127.0.0.1:${gateway.port}"`,
});

async function dialled(caller: BaresipOptions, called: BaresipOptions = {}) {
  const [alice, bob] = await Promise.all([
    Baresip.start({ user: 'alice', toneHz: 440, ...caller }),
    Baresip.start({ user: 'bob', toneHz: 1000, ...called }),
  ]);
  phones = [alice, bob];
  gateway.lines.set('bob', bob.uri);
  alice.dial(gateway.address('bob'));
  return { alice, bob };
}

/** Both get through, and both hear the other's tone. */
async function talks(alice: Baresip, bob: Baresip): Promise<void> {
  await Promise.all([alice.event('CALL_ESTABLISHED'), bob.event('CALL_RTPESTAB')]);
  await alice.event('CALL_RTPESTAB');
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  alice.command('hangup');
  await bob.event('CALL_CLOSED');
  near(await alice.heardHz(), 1000);
  near(await bob.heardHz(), 440);
}

/** Packets of the peer come. */
async function hearsMore(transport: PlainTransport): Promise<void> {
  const { packetsIn } = await transport.stats();
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await transport.stats()).packetsIn > packetsIn + 20) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('nothing of the peer came within 5 s');
}

const near = (heard: number | undefined, hz: number) =>
  assert.ok(heard !== undefined && Math.abs(heard - hz) < hz * 0.02, `heard ${heard} Hz, expected ${hz}`);

const answered = () =>
  gateway.ladder.find((entry) => entry.from === 'gateway' && entry.label === '200 OK')?.detail ?? '';

describe('a caller with ICE and DTLS-SRTP', () => {
  it('talks with a phone on plain RTP, and is answered as by an ice-lite agent', async () => {
    const { alice, bob } = await dialled(byIce());
    await talks(alice, bob);
    assert.match(answered(), /a=ice-lite\r\n/);
    assert.match(answered(), /m=audio \d+ UDP\/TLS\/RTP\/SAVPF? 0\r\n/);
    assert.match(answered(), /a=setup:passive\r\n[\s\S]*a=fingerprint:sha-256 /);
  });

  it("talks in Opus, under a payload type that is no browser's", async () => {
    const codecs = 'opus/48000/2';
    const { alice, bob } = await dialled(byIce({ codecs }), { codecs });
    await talks(alice, bob);
  });

  it('talks with a phone that encrypts by SDES', async () => {
    const { alice, bob } = await dialled(byIce(), { account: 'mediaenc=srtp-mand' });
    await talks(alice, bob);
  });

  it('has a picture in H.264, and sees the other', async () => {
    const { alice, bob } = await dialled(byIce({ video: ['H264'] }), { video: ['H264'] });
    await Promise.all([alice, bob].map((phone) => phone.process.says(/receiving with resolution 352 x 288/)));
    alice.command('hangup');
    await bob.event('CALL_CLOSED');
  });

  it('holds and resumes: the called is told, and nothing is negotiated anew', async () => {
    const { alice, bob } = await dialled(byIce());
    await bob.event('CALL_RTPESTAB');
    alice.command('hold');
    await gateway.saw('a=recvonly', 'gateway');
    alice.command('resume');
    await bob.event('CALL_REMOTE_SDP', 5_000, 2);
    await Promise.all(gateway.transports.map(hearsMore));
    alice.command('hangup');
    await bob.event('CALL_CLOSED');
  });

  it('is hung up by the called', async () => {
    const { alice, bob } = await dialled(byIce());
    await bob.event('CALL_RTPESTAB');
    bob.command('hangup');
    await alice.event('CALL_CLOSED');
    assert.equal(gateway.ended.at(-1)?.code, 200);
  });
});

describe('an offer by DTLS that cannot meet us is refused with 488 in words', () => {
  const fingerprint = `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`;
  const ice = ['a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx'];
  const offer = (session: readonly string[], lines: readonly string[]) =>
    [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      ...session,
      'm=audio 9000 UDP/TLS/RTP/SAVPF 0',
      'a=setup:actpass',
      ...lines,
      '',
    ].join('\r\n');

  for (const [name, sdp, words] of [
    ['an ice-lite agent', offer(['a=ice-lite'], [...ice, fingerprint, 'a=rtcp-mux']), /ice-lite peer/],
    ['nothing of ICE', offer([], [fingerprint, 'a=rtcp-mux']), /DTLS without ICE/],
    ['a port of its own for RTCP', offer([], [...ice, fingerprint]), /without a=rtcp-mux/],
    ['no fingerprint', offer([], [...ice, 'a=rtcp-mux']), /no a=fingerprint/],
  ] as const) {
    it(`caller with ${name}`, async () => {
      const phone = await FakeSipPeer.listen({ user: 'alice' });
      try {
        gateway.lines.set('bob', 'bob@127.0.0.1:9');
        const dialog: FakeSipDialog = phone.calls(gateway.address('bob'));
        const to = { address: '127.0.0.1', port: gateway.port };
        dialog.request('INVITE', to, { sdp });
        assert.match((await phone.receives('488')).header('Warning'), words);
        dialog.request('ACK', to, { sameBranch: true });
      } finally {
        await phone.close();
      }
    });
  }
});
