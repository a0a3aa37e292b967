/** Pictures between a page and phones: baresip with its own H.264 (libx264) and VP8. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../../peers/browser.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { PagePhone } from '../../peers/page-phone.ts';

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
  throw new Error(`the page sees nothing: ${JSON.stringify(await alice.media(call))}`);
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
