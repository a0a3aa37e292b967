/** A real browser on the media plane: its own media sent back to it, without SIP and without signalling. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { MediaPage } from '../peers/media-page.ts';
import { EchoedBrowser, emptyPage, OfferedBrowser, startMedia } from '../peers/media-rig.ts';

let sfu: MediasoupSfu;
let browser: TestBrowser;

before(async () => {
  sfu = await startMedia();
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  sfu?.close();
});

async function inPage(work: (page: MediaPage) => Promise<void>): Promise<void> {
  const { page, close } = await emptyPage(browser);
  try {
    await work(new MediaPage(page));
  } finally {
    await close();
  }
}

async function echoed(
  page: MediaPage,
  media: { audio?: boolean; video?: boolean },
  prefer: string[] = [],
): Promise<EchoedBrowser> {
  const sdp = await page.offer(media);
  const echo = await EchoedBrowser.create(sfu, sdp);
  await page.takeAnswer(await echo.answer(sdp, prefer));
  assert.equal(await page.connected(), 'connected');
  return echo;
}

test('a handshake of a real browser ends in media both ways: it hears its tone and sees its picture', async () => {
  await inPage(async (page) => {
    const echo = await echoed(page, { audio: true, video: true });
    // The browser may know it before us.
    await echo.reaches('up');
    assert.deepEqual(echo.states, ['up']);
    const audio = await page.receivesWithin('audio', 2500);
    assert.ok(audio.packets > 80, `${audio.packets} packets of sound`);
    const hz = await page.heardHz();
    assert.ok(Math.abs(hz - 440) < 12, `heard ${hz} Hz`);
    const video = await page.receivesWithin('video', 2000);
    assert.ok(video.frames > 15, `${video.frames} pictures`);
    const stats = await echo.transport.stats();
    assert.ok(stats.packetsIn > 100 && stats.packetsOut > 100 && stats.packetsLost === 0, JSON.stringify(stats));
    assert.match(stats.remote ?? '', /^udp /);
  });
});

for (const codec of ['audio/PCMU', 'audio/PCMA', 'audio/G722', 'video/VP8', 'video/H264', 'video/VP9', 'video/AV1']) {
  test(`${codec} comes back`, async () => {
    await inPage(async (page) => {
      await echoed(page, { audio: true, video: codec.startsWith('video/') }, [codec]);
      const kind = codec.slice(0, 5);
      const received = await page.receivesWithin(kind, 3500);
      assert.equal(received.codec, codec);
      assert.ok(kind === 'audio' ? received.packets > 120 : received.frames > 10, JSON.stringify(received));
    });
  });
}

test('where UDP is blocked, ICE goes over TCP', async () => {
  await inPage(async (page) => {
    const sdp = await page.offer({ audio: true });
    const echo = await EchoedBrowser.create(sfu, sdp);
    const answer = await echo.answer(sdp);
    await page.takeAnswer(answer.replace(/a=candidate:\S+ 1 udp .*\r\n/g, ''));
    assert.equal(await page.connected(), 'connected');
    assert.equal(await page.protocol(), 'tcp');
    assert.ok((await page.receivesWithin('audio', 1500)).packets > 50);
    assert.match((await echo.transport.stats()).remote ?? '', /^tcp /);
  });
});

test('an ICE restart keeps the media', async () => {
  await inPage(async (page) => {
    const echo = await echoed(page, { audio: true });
    const before = echo.transport.ice.usernameFragment;
    await page.takeAnswer(await echo.answer(await page.offerAgain('restart-ice')));
    assert.notEqual(echo.transport.ice.usernameFragment, before);
    assert.ok((await page.receivesWithin('audio', 2000)).packets > 80);
    assert.deepEqual(echo.states, ['up']);
  });
});

test('video is added, stopped and added once more', async () => {
  await inPage(async (page) => {
    const echo = await echoed(page, { audio: true });
    await page.takeAnswer(await echo.answer(await page.offerAgain('add-video')));
    assert.ok((await page.receivesWithin('video', 2500)).frames > 10);
    await page.takeAnswer(await echo.answer(await page.offerAgain('stop-video')));
    assert.ok((await page.receivesWithin('audio', 1000)).packets > 30);
    await page.takeAnswer(await echo.answer(await page.offerAgain('add-video')));
    assert.ok((await page.receivesWithin('video', 2500)).frames > 10);
  });
});

test('hold stops what the browser hears, resume brings it back', async () => {
  await inPage(async (page) => {
    const echo = await echoed(page, { audio: true });
    await page.takeAnswer(await echo.answer(await page.offerAgain('hold')));
    await page.takeAnswer(await echo.answer(await page.offerAgain('resume')));
    assert.ok((await page.receivesWithin('audio', 1500)).packets > 50);
  });
});

test('a page that goes away is noticed', async () => {
  await inPage(async (page) => {
    const echo = await echoed(page, { audio: true });
    await page.hangUp();
    await echo.reaches('lost');
  });
});

test('the gateway offers and the browser answers; it adds video later', async () => {
  await inPage(async (page) => {
    const offered = await OfferedBrowser.create(sfu);
    await offered.takeAnswer(await page.answer(offered.offer(['audio']), { audio: true }));
    assert.equal(await page.connected(), 'connected');
    assert.ok((await page.receivesWithin('audio', 1500)).packets > 50);
    await offered.takeAnswer(await page.answer(offered.offer(['audio', 'video']), { audio: true, video: true }));
    assert.ok((await page.receivesWithin('video', 2500)).frames > 10);
    assert.ok((await page.receivesWithin('audio', 1000)).packets > 30);
  });
});

test('a browser that offered is offered video in its own session', async () => {
  await inPage(async (page) => {
    const echo = await echoed(page, { audio: true });
    const offered = OfferedBrowser.after(echo);
    await offered.takeAnswer(await page.answer(offered.offer(['audio', 'video']), { audio: true, video: true }));
    assert.ok((await page.receivesWithin('video', 2500)).frames > 10);
    assert.ok((await page.receivesWithin('audio', 1000)).packets > 30);
  });
});

test('what the receiver can take limits what the browser sends', async () => {
  await inPage(async (page) => {
    const echo = await echoed(page, { audio: true, video: true });
    await echo.transport.setMaxIncomingBitrate(150_000);
    await page.receivesWithin('video', 4000);
    const limited = await page.videoTargetBps();
    assert.ok(limited > 20_000 && limited <= 150_000, `${limited} bits per second`);
    await echo.transport.setMaxIncomingBitrate(2_000_000);
    await page.receivesWithin('video', 4000);
    const free = await page.videoTargetBps();
    assert.ok(free > limited, `${free} after ${limited} bits per second`);
  });
});
