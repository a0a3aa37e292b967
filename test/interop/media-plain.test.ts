/** A browser and a peer on plain RTP, joined by the media plane and the relay; SIP is not needed for that. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Codec, Source } from '../../media-edge/src/call/media.ts';
import type { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import type { PlainTransport } from '../../media-edge/src/ports/sfu.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { MediaPage } from '../peers/media-page.ts';
import { emptyPage, JoinedBrowser, startMedia } from '../peers/media-rig.ts';
import { assertWhole, type HeardPacket } from '../peers/rtp-packet.ts';
import { RtpPeer } from '../peers/rtp-peer.ts';

const pcmu: Codec = { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} };
const events: Codec = { mimeType: 'audio/telephone-event', clockRate: 8000, payloadType: 101, parameters: {} };
const tone = { hz: 1000, ssrc: 0xabcd, sequence: 65_500, timestamp: 0xffff_ff00 };

let sfu: MediasoupSfu;
let browser: TestBrowser;
let tab: Awaited<ReturnType<typeof emptyPage>>;
let page: MediaPage;
let joined: JoinedBrowser;
let plain: PlainTransport;
let peer: RtpPeer;
let source: Source;

before(async () => {
  sfu = await startMedia({ silenceMs: 1000 });
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
  sfu?.close();
});

// As after INVITE and 200: both sides know each other, and both send.
beforeEach(async () => {
  tab = await emptyPage(browser);
  page = new MediaPage(tab.page);
  joined = await JoinedBrowser.create(sfu, await page.offer({ audio: true }), 'audio/PCMU');
  peer = await RtpPeer.open();
  plain = await joined.router.createPlainTransport({ address: '127.0.0.1', latch: true });
  plain.setRemote(peer.remote);
  source = await plain.produce('audio', pcmu, events);
  await page.takeAnswer(await joined.answer([source]));
  await plain.consume(joined.source, pcmu, events);
  assert.equal(await page.connected(), 'connected');
});

afterEach(async () => {
  peer.close();
  plain.close();
  await tab.close();
});

test('each hears the tone of the other', async () => {
  peer.play(tone, plain);
  await page.receivesWithin('audio', 2500);
  const hz = await page.heardHz();
  assert.ok(Math.abs(hz - 1000) < 20, `the page heard ${hz} Hz`);
  assert.ok(Math.abs(peer.heardHz() - 440) < 10, `the peer heard ${peer.heardHz()} Hz`);
  assertWhole(peer.heard);
  assert.match((await plain.stats()).remote ?? '', /^udp 127\.0\.0\.1:/);
});

test('a peer that starts anew from another address is the same stream to the browser', async () => {
  const other = await RtpPeer.open();
  try {
    peer.play(tone, plain);
    await page.receivesWithin('audio', 1000);
    peer.stop();
    plain.setRemote(other.remote);
    other.play({ hz: 700, ssrc: 0x9999, sequence: 17, timestamp: 5 }, plain);
    assert.ok((await page.receivesWithin('audio', 2000)).packets > 80);
    const received = (await page.received()).filter((item) => item.kind === 'audio');
    assert.equal(received.length, 1, 'one SSRC');
    assert.equal(received[0]?.lost, 0);
    assert.ok(Math.abs((await page.heardHz()) - 700) < 20);
    await other.until('sound at the new address', () => other.heard.length > 20);
    assertWhole([...peer.heard, ...other.heard]);
  } finally {
    other.close();
  }
});

test('what a stranger sends is not heard', async () => {
  const stranger = await RtpPeer.open('127.0.0.2');
  try {
    peer.play(tone, plain);
    await peer.until('sound', () => peer.heard.length > 10);
    stranger.play({ ...tone, hz: 300, ssrc: 0x666 }, plain);
    await page.receivesWithin('audio', 1500);
    assert.ok(Math.abs((await page.heardHz()) - 1000) < 20);
    assert.equal(stranger.heard.length, 0);
  } finally {
    stranger.close();
  }
});

test('digits of the peer are told', async () => {
  const told: string[] = [];
  plain.onDtmf((digit, durationMs) => told.push(`${digit} ${durationMs}`));
  peer.play(tone, plain);
  await peer.until('sound', () => peer.heard.length > 10);
  peer.stop();
  for (let index = 0; index < 8; index += 1) {
    const packet = Buffer.from([
      0x80,
      101,
      0,
      index,
      0,
      0,
      9,
      0,
      0,
      0,
      0,
      7,
      11,
      index > 4 ? 0x8a : 10,
      0,
      160 * Math.min(index + 1, 1),
    ]);
    peer.send(packet, plain);
  }
  await peer.until('the digit', () => told.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(told, ['# 40']);
});

test('digits to the peer, made here or by the browser, are events of RFC 4733 in the same stream', async () => {
  peer.play(tone, plain);
  await peer.until('sound', () => peer.heard.length > 10);
  plain.sendDtmf('5', 100);
  await peer.until('the end of 5', () => ends(peer.heard, 5) === 3);
  await page.sendDtmf('9');
  await peer.until('the end of 9', () => ends(peer.heard, 9) === 3);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assertWhole(peer.heard);
  for (const digit of [5, 9]) {
    const sent = peer.heard.filter((packet) => packet.payloadType === 101 && packet.payload[0] === digit);
    assert.equal(new Set(sent.map((packet) => packet.timestamp)).size, 1);
    assert.deepEqual(sent.map((packet) => packet.marker).indexOf(true), 0);
  }
});

const ends = (heard: readonly HeardPacket[], digit: number): number =>
  heard.filter(
    (packet) => packet.payloadType === 101 && packet.payload[0] === digit && (packet.payload[1] ?? 0) >= 0x80,
  ).length;

test('the peer gets sender reports about the stream it hears', async () => {
  peer.play(tone, plain);
  await peer.until('a report', () => peer.reports.length > 0);
  const [report] = peer.reports;
  assert.equal(report?.readUInt8(1), 200);
  assert.equal(report?.readUInt32BE(4), peer.heard[0]?.ssrc);
});

test('held: nothing goes out, and coming back is the same stream', async () => {
  peer.play(tone, plain);
  await peer.until('sound', () => peer.heard.length > 10);
  plain.setDirection('inactive');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const atHold = peer.heard.length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(peer.heard.length, atHold);
  plain.setDirection('sendrecv');
  await peer.until('sound again', () => peer.heard.length > atHold + 20);
  assert.equal(new Set(peer.heard.map((packet) => packet.ssrc)).size, 1);
});

test('silence of the peer is told', async () => {
  const told: number[] = [];
  plain.onSilence((silentMs) => told.push(silentMs));
  peer.play(tone, plain);
  await peer.until('sound', () => peer.heard.length > 10);
  peer.stop();
  await peer.until('silence', () => told.length > 0);
  assert.ok((told[0] ?? 0) >= 1000);
});

test('media of two routers is joined by a pipe', async () => {
  const second = await emptyPage(browser);
  try {
    const otherPage = new MediaPage(second.page);
    const other = await JoinedBrowser.create(sfu, await otherPage.offer({ audio: true }), 'audio/PCMU');
    peer.play(tone, plain);
    await otherPage.takeAnswer(await other.answer([source]));
    assert.equal(await otherPage.connected(), 'connected');
    assert.ok((await otherPage.receivesWithin('audio', 1500)).packets > 50);
    assert.ok(Math.abs((await otherPage.heardHz()) - 1000) < 20);
  } finally {
    await second.close();
  }
});
