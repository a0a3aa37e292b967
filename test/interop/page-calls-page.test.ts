import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { pictureMoves, soundStops, until } from '../peers/moving-media.ts';
import { PagePhone } from '../peers/page-phone.ts';

describe('a page calls a page', () => {
  let gateway: Gateway;
  let low: TestBrowser;
  let high: TestBrowser;
  let alice: PagePhone;
  let bob: PagePhone;
  before(async () => {
    gateway = await startGateway();
    [low, high] = await Promise.all([startChromium({ toneHz: 440 }), startChromium({ toneHz: 880 })]);
    alice = await PagePhone.open(low, gateway.origin, await gateway.mint());
    bob = await PagePhone.open(high, gateway.origin, await gateway.mint());
  });
  after(async () => {
    await Promise.all([low?.close(), high?.close()]);
    await gateway?.stop();
  });

  async function connect(media: { video?: boolean }, answer = media): Promise<string[]> {
    const atAlice = await alice.call(bob.address, media);
    const atBob = await bob.incoming();
    await alice.reaches(atAlice, 'ringing');
    await bob.answer(atBob, answer);
    await Promise.all([alice.reaches(atAlice, 'established'), bob.reaches(atBob, 'established')]);
    return [atAlice, atBob];
  }

  it('audio and video go both ways, and the called page hangs up', async () => {
    const [atAlice = '', atBob = ''] = await connect({ video: true });
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await Promise.all([pictureMoves(alice, atAlice), pictureMoves(bob, atBob)]);
    await bob.act(atBob, 'terminate');
    assert.match((await alice.reaches(atAlice, 'terminated')).reason ?? '', /^200/);
  });

  for (const codec of ['video/H264', 'video/VP8']) {
    it(`both see each other in ${codec}, where the caller wants that`, async () => {
      await alice.sendsVideoIn(codec);
      const [atAlice = '', atBob = ''] = await connect({ video: true });
      await Promise.all([pictureMoves(alice, atAlice), pictureMoves(bob, atBob)]);
      assert.equal((await bob.media(atBob)).videoCodec, codec);
      assert.equal((await alice.media(atAlice)).videoCodec, codec);
      await alice.act(atAlice, 'terminate');
      await bob.reaches(atBob, 'terminated');
      await alice.sendsVideoIn(undefined);
    });
  }

  it('hold silences the other side, resume brings it back, and both are told', async () => {
    const [atAlice = '', atBob = ''] = await connect({});
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await alice.act(atAlice, 'hold');
    assert.deepEqual(Object(await bob.event(atBob, 'hold')).held, true);
    await soundStops(bob, atBob);
    await soundStops(alice, atAlice);
    await alice.act(atAlice, 'unhold');
    assert.deepEqual(Object(await bob.event(atBob, 'hold', 1)).held, false);
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await alice.act(atAlice, 'terminate');
    await bob.reaches(atBob, 'terminated');
  });

  it('what is written in the call is there at once, both ways, and the writer is told', async () => {
    const [atAlice = '', atBob = ''] = await connect({});
    for (const [writer, call, reader, there] of [
      [alice, atAlice, bob, atBob],
      [bob, atBob, alice, atAlice],
    ] as const) {
      const text = `<b>Hello</b> from ${writer.address}`;
      await writer.act(call, 'sendMessage', text);
      const got = Object(await reader.event(there, 'incomingMessage'));
      assert.deepEqual([got.content, got.from], [text, writer.address]);
      assert.deepEqual(await writer.event(call, 'messageStateChanged'), { id: got.id, state: 'accepted' });
    }
    await alice.act(atAlice, 'terminate');
    await bob.reaches(atBob, 'terminated');
  });

  it('video is added in mid-call, accepted, and removed again', async () => {
    const [atAlice = '', atBob = ''] = await connect({});
    await alice.addVideo(atAlice);
    await bob.event(atBob, 'updateRequest');
    await bob.act(atBob, 'answerUpdate');
    await alice.event(atAlice, 'mediaUpdated');
    await pictureMoves(bob, atBob);
    await alice.act(atAlice, 'removeVideo');
    await bob.event(atBob, 'mediaUpdated', 1);
    const before = (await bob.media(atBob)).videoFrames;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.ok((await bob.media(atBob)).videoFrames - before <= 2, 'the picture still moves');
    await bob.hears(atBob, 440);
    await alice.act(atAlice, 'terminate');
    await bob.reaches(atBob, 'terminated');
  });

  it('a screen is shared into an audio call', async () => {
    const [atAlice = '', atBob = ''] = await connect({});
    await alice.addVideo(atAlice, 'screen');
    await bob.event(atBob, 'updateRequest');
    await bob.act(atBob, 'answerUpdate');
    await pictureMoves(bob, atBob);
    await until(async () => (await bob.media(atBob)).videoWidth >= 400, 'the screen is not seen');
    await alice.act(atAlice, 'terminate');
    await bob.reaches(atBob, 'terminated');
  });

  it('digits reach the other page', async () => {
    const [atAlice = '', atBob = ''] = await connect({});
    await alice.act(atAlice, 'sendDtmf', '9');
    assert.equal(String(Object(await bob.event(atBob, 'dtmf')).digit), '9');
    await alice.act(atAlice, 'terminate');
    await bob.reaches(atBob, 'terminated');
  });

  it('the called page declines', async () => {
    const atAlice = await alice.call(bob.address);
    const atBob = await bob.incoming();
    await bob.act(atBob, 'terminate', { code: 603 });
    assert.match((await alice.reaches(atAlice, 'terminated')).reason ?? '', /^603 /);
  });

  it('the calling page loses packets: the other one sends less, and more again afterwards', async () => {
    await alice.network();
    const [atAlice = '', atBob = ''] = await connect({ video: true });
    const sentBps = async () => (await bob.media(atBob)).videoTargetBps;
    await until(async () => (await sentBps()) > 700_000, 'there never was a good picture', 20_000);
    await alice.network({ lossPercent: 25 });
    await until(async () => (await sentBps()) < 500_000, 'the sender did not give way', 30_000);
    const leastBps = await sentBps();
    await alice.network();
    await until(async () => (await sentBps()) > 1.3 * leastBps, 'the sender did not recover', 30_000);
    await alice.act(atAlice, 'terminate');
    await bob.reaches(atBob, 'terminated');
  });

  it('at 300 kbit/s the picture still moves after 10 s with under 2 % lost', async () => {
    await bob.network({ bytesPerSecond: 37_500, latencyMs: 20 });
    const [atAlice = '', atBob = ''] = await connect({ video: true });
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const before = await bob.media(atBob);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const after = await bob.media(atBob);
    const lost = (after.videoLost - before.videoLost) / Math.max(1, after.videoPackets - before.videoPackets);
    assert.ok(
      after.videoFrames - before.videoFrames >= 15,
      `only ${after.videoFrames - before.videoFrames} pictures in 5 s`,
    );
    assert.ok(lost < 0.02, `${(100 * lost).toFixed(1)} % lost`);
    await alice.act(atAlice, 'terminate');
    await bob.reaches(atBob, 'terminated');
    await bob.network();
  });
});
