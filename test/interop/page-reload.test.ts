import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { pictureMoves, soundStops } from '../peers/moving-media.ts';
import { PagePhone } from '../peers/page-phone.ts';
import { assertWhole, pcmuHz } from '../peers/rtp-packet.ts';
import { WireTap } from '../peers/wire-tap.ts';

describe('a page is reloaded in mid-call', () => {
  let gateway: Gateway;
  let low: TestBrowser;
  let high: TestBrowser;
  let alice: PagePhone;
  before(async () => {
    gateway = await startGateway();
    [low, high] = await Promise.all([startChromium({ toneHz: 440 }), startChromium({ toneHz: 880 })]);
    alice = await PagePhone.open(low, gateway.origin, await gateway.mint());
  });
  after(async () => {
    await Promise.all([low?.close(), high?.close()]);
    await gateway?.stop();
  });

  it('that called a phone: both hear each other again, in the same dialog and the same stream', async () => {
    const bob = await Baresip.start();
    const wire = await WireTap.before(bob);
    try {
      const call = await alice.call(wire.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      await alice.reload(call);
      await alice.hears(call, 1000);
      const before = wire.packets.length;
      await assertComes(() => wire.packets.length - before > 100);
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
      await alice.reaches(call, 'terminated');
      assert.equal(wire.callIds.length, 1, `Call-IDs at the phone: ${wire.callIds.join(' ')}`);
      assert.equal(wire.invites.length, 1, 'the phone got another INVITE');
      assertWhole(wire.packets);
      const hz = pcmuHz(wire.packets);
      assert.ok(Math.abs(hz - 440) <= 440 * 0.02, `the phone heard ${hz} Hz`);
    } finally {
      wire.stop();
      await bob.stop();
    }
  });

  it('that called a phone, twice over: the second reload is like the first', async () => {
    const bob = await Baresip.start();
    const wire = await WireTap.before(bob);
    try {
      const call = await alice.call(wire.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      await alice.reload(call);
      await alice.hears(call, 1000);
      await alice.reload(call);
      await alice.hears(call, 1000);
      bob.command('hangup');
      await alice.reaches(call, 'terminated');
      assert.equal(wire.invites.length, 1, 'the phone got another INVITE');
      assertWhole(wire.packets);
    } finally {
      wire.stop();
      await bob.stop();
    }
  });

  it('that held its phone: the phone stays held, and hears again what comes after the resume', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      await alice.act(call, 'hold');
      await soundStops(alice, call);
      await alice.reload(call);
      await soundStops(alice, call);
      await alice.act(call, 'unhold');
      await alice.hears(call, 1000);
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
    } finally {
      await bob.stop();
    }
  });

  it('that was called by a phone: both hear each other again', async () => {
    const carol = await Baresip.start({ user: 'carol', account: `outbound="sip:127.0.0.1:${gateway.sipPort}"` });
    try {
      carol.dial(alice.address);
      const call = await alice.incoming();
      await alice.answer(call);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      await alice.reload(call);
      await alice.hears(call, 1000);
      assert.equal(carol.events.filter(({ type }) => type === 'CALL_REMOTE_SDP').length, 1, 'the phone got an offer');
      // What the phone records afterwards has to outweigh what it heard before.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await alice.act(call, 'terminate');
      await carol.event('CALL_CLOSED');
      const heard = await carol.heardHz();
      assert.ok(heard !== undefined && Math.abs(heard - 440) <= 440 * 0.02, `the phone heard ${heard} Hz`);
    } finally {
      await carol.stop();
    }
  });

  it('as a phone begins to call it: it rings in the page that comes back', async () => {
    const carol = await Baresip.start({ user: 'carol', account: `outbound="sip:127.0.0.1:${gateway.sipPort}"` });
    try {
      const said = gateway.signaling.output.length;
      await alice.away(async () => {
        await gateway.signaling.says(/a connection is closed/, 5_000, said);
        carol.dial(alice.address);
        await gateway.signaling.says(/a call came for an account/, 5_000, said);
      });
      const call = await alice.incoming();
      await alice.answer(call);
      await carol.event('CALL_ESTABLISHED');
      await alice.hears(call, 1000);
      await alice.act(call, 'terminate');
      await carol.event('CALL_CLOSED');
    } finally {
      await carol.stop();
    }
  });

  for (const reloaded of ['calling', 'called'] as const) {
    it(`the ${reloaded} one of two pages: each hears and sees the other again`, async () => {
      const bob = await PagePhone.open(high, gateway.origin, await gateway.mint());
      const atAlice = await alice.call(bob.address, { video: true });
      const atBob = await bob.incoming();
      await bob.answer(atBob, { video: true });
      await Promise.all([alice.reaches(atAlice, 'established'), bob.reaches(atBob, 'established')]);
      await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
      if (reloaded === 'calling') await alice.reload(atAlice, { video: true });
      else await bob.reload(atBob, { video: true });
      await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
      await Promise.all([pictureMoves(alice, atAlice), pictureMoves(bob, atBob)]);
      await alice.act(atAlice, 'terminate');
      await Promise.all([alice.reaches(atAlice, 'terminated'), bob.reaches(atBob, 'terminated')]);
      await bob.close();
    });
  }
});

async function assertComes(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(holds(), 'nothing more reached the phone in 10 s');
}
