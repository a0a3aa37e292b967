/** Pictures between a page and phones: baresip with its own H.264 (libx264) and VP8. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../../peers/browser.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { PagePhone } from '../../peers/page-phone.ts';
import { RtpPeer } from '../../peers/rtp-peer.ts';

let gateway: Gateway;
let browser: TestBrowser;
let alice: PagePhone;
before(async () => {
  gateway = await startGateway();
  browser = await startChromium({ toneHz: 440 });
  alice = await PagePhone.open(browser, gateway.origin, await gateway.mint());
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** A phone that is reached as `bob.uri`, for the time of one test. */
async function withPhone(options: BaresipOptions, work: (bob: Baresip) => Promise<void>): Promise<void> {
  const bob = await Baresip.start(options);
  try {
    await work(bob);
  } finally {
    await bob.stop();
  }
}

/** Waits until the page has decoded so many more pictures of the phone. */
async function sees(call: string, more = 10): Promise<void> {
  const before = (await alice.media(call)).videoFrames;
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await alice.media(call)).videoFrames >= before + more) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    `the page sees nothing: ${JSON.stringify(await alice.media(call))}, after ${JSON.stringify(await alice.see(call))}`,
  );
}

const phoneSees = (bob: Baresip) => bob.process.says(/receiving with resolution 6?\d+ x \d+/);

async function ends(call: string, bob: Baresip): Promise<void> {
  await alice.act(call, 'terminate');
  await bob.event('CALL_CLOSED');
  await alice.reaches(call, 'terminated');
}

describe('a page calls a phone with a picture', () => {
  for (const codec of ['H264', 'VP8'] as const) {
    it(`page dials a phone of ${codec}: both see and hear each other`, async () => {
      await withPhone({ video: [codec] }, async (bob) => {
        const call = await alice.call(bob.uri, { video: true });
        await alice.reaches(call, 'established');
        await alice.hears(call, 1000);
        await sees(call);
        assert.match((await alice.media(call)).videoCodec ?? '', new RegExp(codec, 'i'));
        await phoneSees(bob);
        await ends(call, bob);
      });
    });
  }

  it('page dials a phone that encrypts: sound and picture by SDES', async () => {
    await withPhone({ video: ['H264'], account: 'mediaenc=srtp-mand' }, async (bob) => {
      const call = await alice.call(bob.uri, { video: true });
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      await sees(call);
      await phoneSees(bob);
      await ends(call, bob);
    });
  });

  it('page dials a phone without a camera: the sound goes on alone', async () => {
    await withPhone({}, async (bob) => {
      const call = await alice.call(bob.uri, { video: true });
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      assert.equal((await alice.media(call)).videoPackets, 0);
      await ends(call, bob);
    });
  });

  it('page holds and resumes: the picture stops and comes back with the sound', async () => {
    await withPhone({ video: ['H264'] }, async (bob) => {
      const call = await alice.call(bob.uri, { video: true });
      await alice.reaches(call, 'established');
      await sees(call);
      await alice.act(call, 'hold');
      await bob.event('CALL_REMOTE_SDP', 10_000, 1);
      await stands(call);
      await alice.act(call, 'unhold');
      await sees(call);
      await alice.hears(call, 1000);
      await ends(call, bob);
    });
  });

  it('page adds its camera in mid-call: the phone shows it, and sends its own', async () => {
    await withPhone({ video: ['H264'] }, async (bob) => {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      await alice.addVideo(call);
      await phoneSees(bob);
      await sees(call);
      await ends(call, bob);
    });
  });

  it("page takes its camera away: the phone is told, the sound and the phone's own picture go on", async () => {
    await withPhone({ video: ['H264'] }, async (bob) => {
      const call = await alice.call(bob.uri, { video: true });
      await alice.reaches(call, 'established');
      await sees(call);
      await alice.act(call, 'removeVideo');
      await bob.event('CALL_REMOTE_SDP', 10_000, 1);
      await alice.hears(call, 1000);
      await sees(call);
      await ends(call, bob);
    });
  });
});

describe('a phone calls a page with a picture', () => {
  for (const codec of ['H264', 'VP8'] as const) {
    it(`phone of ${codec} dials the page: both see and hear each other`, async () => {
      await withPhone({ video: [codec] }, async (bob) => {
        bob.dial(`${alice.address.split('@')[0]}@127.0.0.1:${gateway.sipPort}`);
        const call = await alice.incoming();
        await alice.answer(call, { video: true });
        await bob.event('CALL_ESTABLISHED');
        await alice.hears(call, 1000);
        await sees(call);
        assert.match((await alice.media(call)).videoCodec ?? '', new RegExp(codec, 'i'));
        await phoneSees(bob);
        bob.command('hangup');
        await alice.reaches(call, 'terminated');
      });
    });
  }

  it('phone dials with a picture, and the page answers with sound alone', async () => {
    await withPhone({ video: ['H264'] }, async (bob) => {
      bob.dial(`${alice.address.split('@')[0]}@127.0.0.1:${gateway.sipPort}`);
      const call = await alice.incoming();
      await alice.answer(call);
      await bob.event('CALL_ESTABLISHED');
      await alice.hears(call, 1000);
      bob.command('hangup');
      await alice.reaches(call, 'terminated');
    });
  });
});

describe('a phone changes its mind in mid-call', () => {
  /** A scripted phone: baresip cannot be told to add a camera. */
  async function withScripted(work: (phone: FakeSipPeer, sound: RtpPeer, picture: RtpPeer) => Promise<void>) {
    const [phone, sound, picture] = [
      await FakeSipPeer.listen({ user: 'bob' }),
      await RtpPeer.open(),
      await RtpPeer.open(),
    ];
    try {
      await work(phone, sound, picture);
    } finally {
      sound.close();
      picture.close();
      await phone.close();
    }
  }

  const describes = (sound: RtpPeer, version: number, lines: readonly string[] = []) =>
    [
      'v=0',
      `o=bob 7 ${version} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${sound.remote.port} RTP/AVP 0`,
      ...lines,
      '',
    ].join('\r\n');

  /** The page is called without a picture, and answers. */
  async function called(phone: FakeSipPeer, sound: RtpPeer) {
    const dialog = phone.calls(`${alice.address.split('@')[0]}@127.0.0.1:${gateway.sipPort}`);
    const to = { address: '127.0.0.1', port: gateway.sipPort };
    dialog.request('INVITE', to, { sdp: describes(sound, 1) });
    const call = await alice.incoming();
    await alice.answer(call);
    const ok = await phone.receives('200', 10_000);
    dialog.learn(ok);
    dialog.request('ACK', to);
    sound.play(
      { hz: 1000, ssrc: 5, sequence: 1, timestamp: 1 },
      { address: '127.0.0.1', port: Number(/m=audio (\d+)/.exec(ok.body)?.[1]) },
    );
    await alice.hears(call, 1000);
    return { call, dialog, to };
  }

  const withPicture = (sound: RtpPeer, picture: RtpPeer) =>
    describes(sound, 2, [`m=video ${picture.remote.port} RTP/AVP 99`, 'a=rtpmap:99 VP8/90000']);

  it('phone adds its picture, the page is asked and takes it, and sends its own', async () => {
    await withScripted(async (phone, sound, picture) => {
      const { call, dialog, to } = await called(phone, sound);
      dialog.request('INVITE', to, { sdp: withPicture(sound, picture) });
      await alice.event(call, 'updateRequest');
      await alice.act(call, 'answerUpdate');
      const ok = await phone.receives('200', 10_000);
      assert.match(ok.body, /m=video [1-9]\d+ RTP\/AVP 99\r\n/);
      dialog.request('ACK', to);
      await alice.addVideo(call);
      const invite = await phone.receives('INVITE', 10_000);
      assert.match(invite.body, /m=video [1-9]\d+ RTP\/AVP 99\r\n/);
      dialog.reply(200, 'OK', { to: invite, sdp: withPicture(sound, picture).replace('o=bob 7 2', 'o=bob 7 3') });
      await picture.until('the picture of the page in VP8', () =>
        picture.heard.some(({ payloadType }) => payloadType === 99),
      );
      await alice.hears(call, 1000);
      await alice.act(call, 'terminate');
      await phone.receives('BYE', 10_000);
    });
  });

  it('phone adds its picture, and the page declines: nothing of it may flow, and the sound goes on', async () => {
    await withScripted(async (phone, sound, picture) => {
      const { call, dialog, to } = await called(phone, sound);
      dialog.request('INVITE', to, { sdp: withPicture(sound, picture) });
      await alice.event(call, 'updateRequest');
      await alice.act(call, 'answerUpdate', { receiveVideo: false });
      const ok = await phone.receives('200', 10_000);
      assert.match(ok.body, /m=video \d+ RTP\/AVP 99\r\n[\s\S]*a=inactive\r\n/);
      dialog.request('ACK', to);
      await alice.hears(call, 1000);
      await alice.act(call, 'terminate');
      await phone.receives('BYE', 10_000);
    });
  });
});

/** Nothing more of the picture comes, once what was under way has. */
async function stands(call: string): Promise<void> {
  let before = -1;
  for (let tries = 0; tries < 50; tries += 1) {
    const now = (await alice.media(call)).videoPackets;
    if (now === before) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  throw new Error('the picture of a held call goes on');
}
