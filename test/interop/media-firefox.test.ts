/** Firefox on the media plane. Without a sound device it plays nothing, so its packet and picture counters speak. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { startFirefox, type TestBrowser } from '../peers/browser.ts';
import { MediaPage } from '../peers/media-page.ts';
import { EchoedBrowser, emptyPage, OfferedBrowser, startMedia } from '../peers/media-rig.ts';

let sfu: MediasoupSfu;
let browser: TestBrowser;

before(async () => {
  sfu = await startMedia();
  browser = await startFirefox();
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

async function getsBoth(page: MediaPage): Promise<void> {
  assert.equal(await page.connected(), 'connected');
  assert.ok((await page.receivesWithin('audio', 2000)).packets > 60);
  const video = await page.receivesWithin('video', 2500);
  assert.ok(video.frames > 10, `${video.frames} pictures of ${video.codec}`);
}

test('firefox offers, hears and sees itself, also after an ICE restart', async () => {
  await inPage(async (page) => {
    const sdp = await page.offer({ audio: true, video: true });
    const echo = await EchoedBrowser.create(sfu, sdp);
    await page.takeAnswer(await echo.answer(sdp));
    await getsBoth(page);
    await page.takeAnswer(await echo.answer(await page.offerAgain('restart-ice')));
    await getsBoth(page);
    await page.hangUp();
    await echo.reaches('lost');
  });
});

test('firefox is offered sound and then video', async () => {
  await inPage(async (page) => {
    const offered = await OfferedBrowser.create(sfu);
    await offered.takeAnswer(await page.answer(offered.offer(['audio']), { audio: true }));
    assert.equal(await page.connected(), 'connected');
    await offered.takeAnswer(await page.answer(offered.offer(['audio', 'video']), { audio: true, video: true }));
    await getsBoth(page);
  });
});

test('firefox adds video to its call', async () => {
  await inPage(async (page) => {
    const sdp = await page.offer({ audio: true });
    const echo = await EchoedBrowser.create(sfu, sdp);
    await page.takeAnswer(await echo.answer(sdp));
    await page.takeAnswer(await echo.answer(await page.offerAgain('add-video')));
    await getsBoth(page);
  });
});
