/** A real browser on the media plane: its own media sent back to it, without SIP and without signalling. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { startChromium } from '../peers/browser.ts';
import type { TestBrowser } from '../peers/browser.ts';
import { EchoedBrowser, emptyPage, startMedia } from '../peers/media-rig.ts';

let sfu: MediasoupSfu;
let browser: TestBrowser;

before(async () => {
  sfu = await startMedia(42_000);
  browser = await startChromium();
});

after(async () => {
  await browser.close();
  sfu.close();
});

interface Inbound {
  readonly kind: string;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly framesDecoded: number;
  readonly totalAudioEnergy: number;
  readonly codec: string;
}

const offer = (page: Page, media: { audio: boolean; video: boolean }): Promise<string> => page.evaluate(async (wanted) => {
  const peer = new RTCPeerConnection();
  Object.assign(globalThis, { peer });
  const stream = await navigator.mediaDevices.getUserMedia(wanted);
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
  await peer.setLocalDescription();
  return peer.localDescription?.sdp ?? '';
}, media);

const accept = (page: Page, sdp: string): Promise<void> => page.evaluate((text) => globalThis.peer.setRemoteDescription({ type: 'answer', sdp: text }), sdp);

const connected = (page: Page): Promise<string> => page.evaluate(async () => {
  const { peer } = globalThis;
  for (let tries = 0; tries < 100 && peer.connectionState !== 'connected'; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  return peer.connectionState;
});

const inbound = (page: Page): Promise<Inbound[]> => page.evaluate(async () => {
  const stats = [...(await globalThis.peer.getStats()).values()];
  return stats.filter((stat) => stat.type === 'inbound-rtp').map((stat) => ({
    kind: stat.kind, packetsReceived: stat.packetsReceived, packetsLost: stat.packetsLost, framesDecoded: stat.framesDecoded ?? 0,
    totalAudioEnergy: stat.totalAudioEnergy ?? 0, codec: stats.find((other) => other.id === stat.codecId)?.mimeType ?? '',
  }));
});

test('chromium hears and sees itself', async () => {
  const { page, close } = await emptyPage(browser);
  const sdp = await offer(page, { audio: true, video: true });
  const echo = await EchoedBrowser.create(sfu, sdp);
  await accept(page, await echo.answer(sdp));
  assert.equal(await connected(page), 'connected');
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const received = await inbound(page);
  console.log(received, echo.states, await echo.transport.stats());
  await close();
});
