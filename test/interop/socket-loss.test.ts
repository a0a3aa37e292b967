import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';
import { ReceivedFrames } from '../peers/received-frames.ts';
import { type ResetProxy, startResetProxy } from '../peers/reset-proxy.ts';
import { assertUnbroken, assertWhole, pcmuHz } from '../peers/rtp-packet.ts';
import { WireTap } from '../peers/wire-tap.ts';

/** The frame that is lost together with the socket. */
type Lost = readonly [direction: 'up' | 'down', frame: RegExp];

const whileCalling: Record<string, Lost> = {
  'before the request has arrived': ['up', /"sylkrtc":"session-create"/],
  'before the ack': ['down', /"sylkrtc":"ack"/],
  'before ringing': ['down', /"state":"ringing"/],
  'before it is answered': ['down', /"state":"accepted"/],
  'before it is established': ['down', /"state":"established"/],
};

const whileUpdating: Record<string, Lost> = {
  'before the request has arrived': ['up', /"sylkrtc":"session-update"/],
  'before it is answered': ['down', /"event":"update"/],
};

const whileEnding: Record<string, Lost> = {
  'before the request has arrived': ['up', /"sylkrtc":"session-terminate"/],
  'before the ack': ['down', /"sylkrtc":"ack"/],
  'before the end is told': ['down', /"state":"terminated"/],
};

/** What came of a call besides its way up and its end. */
interface Course {
  /** Events of the gateway to the page. */
  readonly events?: readonly string[];
  /** What the library told the application. */
  readonly told?: readonly string[];
  /** The INVITEs that the phone got; the page held the call in between if there was more than one. */
  readonly invites?: number;
}

describe('the socket of the calling page is reset', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let proxy: ResetProxy;
  let alice: PagePhone;
  let frames: ReceivedFrames;
  let bob: Baresip;
  let wire: WireTap;
  let departed: Promise<void>;
  before(async () => {
    gateway = await startGateway({ SYLK_WEB_ORIGINS: '*' });
    proxy = await startResetProxy(gateway.httpPort);
    browser = await startChromium();
    departed = callAndDepart();
    // Awaited by the last test.
    departed.catch(() => undefined);
    alice = await PagePhone.open(browser, `http://localhost:${proxy.port}`, await gateway.mint());
    frames = await ReceivedFrames.of(alice.page);
  });
  after(async () => {
    await browser?.close();
    await proxy?.stop();
    await gateway?.stop();
  });

  for (const [moment, frame] of Object.entries(whileCalling)) {
    it(`while it calls, ${moment}: the call comes up as if nothing had been`, () =>
      withPhone(async () => {
        const isLost = lose(frame);
        const call = await comesUp();
        assert.ok(isLost(), 'the moment was never seen on the wire');
        await ends(call);
        await assertUnharmed(call);
      }));
  }

  it('while it is established: nobody notices', () =>
    withPhone(async () => {
      const call = await comesUp();
      proxy.reset();
      await alice.event(call, 'resumed');
      await ends(call);
      await assertUnharmed(call);
    }));

  for (const [moment, frame] of Object.entries(whileUpdating)) {
    it(`while it adds video, ${moment}: the phone is asked once, and takes none`, () =>
      withPhone(async () => {
        const call = await comesUp();
        const isLost = lose(frame);
        await alice.addVideo(call);
        await alice.event(call, 'mediaUpdated');
        assert.ok(isLost(), 'the moment was never seen on the wire');
        await alice.hears(call, 1000);
        await ends(call);
        await assertUnharmed(call, { invites: 2, events: ['update accepted'], told: ['mediaUpdated'] });
      }));

    it(`while it holds, ${moment}: the phone is held once and comes back in the same stream`, () =>
      withPhone(async () => {
        const call = await comesUp();
        const isLost = lose(frame);
        await alice.act(call, 'hold');
        assert.ok(isLost(), 'the moment was never seen on the wire');
        await alice.act(call, 'unhold');
        await alice.hears(call, 1000);
        await ends(call);
        await assertUnharmed(call, {
          invites: 3,
          events: ['update accepted', 'update accepted'],
          told: ['mediaUpdated', 'mediaUpdated'],
        });
      }));
  }

  for (const [moment, frame] of Object.entries(whileEnding)) {
    it(`while it ends, ${moment}: it ends once`, () =>
      withPhone(async () => {
        const call = await comesUp();
        const isLost = lose(frame);
        await ends(call);
        await frames.ended(call);
        assert.ok(isLost(), 'the moment was never seen on the wire');
        await assertUnharmed(call);
      }));
  }

  it('and never made again: the phone hears the end within the grace', () => departed);

  /** Loses this frame, and the socket with it, once; tells whether it has been. */
  function lose([direction, frame]: Lost): () => boolean {
    let isLost = false;
    proxy.watch((text, towards) => {
      if (isLost || towards !== direction || !frame.test(text)) return false;
      isLost = true;
      return true;
    });
    return () => isLost;
  }

  /** Runs with a phone behind a tapped wire. */
  async function withPhone(work: () => Promise<void>): Promise<void> {
    bob = await Baresip.start({ answers: 'manual' });
    wire = await WireTap.before(bob);
    try {
      await work();
    } finally {
      proxy.watch(undefined);
      wire.stop();
      await bob.stop();
    }
  }

  async function comesUp(): Promise<string> {
    const call = await alice.call(wire.uri);
    await bob.event('CALL_INCOMING');
    bob.command('accept');
    await alice.reaches(call, 'established', 20_000);
    await alice.hears(call, 1000);
    return call;
  }

  async function ends(call: string): Promise<void> {
    // Time in which a torn stream would show.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal((await alice.media(call)).audioLost, 0, 'the page lost packets');
    await alice.act(call, 'terminate');
    await bob.event('CALL_CLOSED');
    await alice.reaches(call, 'terminated');
  }

  /** What the phone and the page have got is that of a call without any loss. */
  async function assertUnharmed(call: string, { invites = 1, events = [], told = [] }: Course = {}): Promise<void> {
    assert.equal(wire.callIds.length, 1, `Call-IDs at the phone: ${wire.callIds.join(' ')}`);
    assert.equal(wire.invites.length, invites, 'the phone got another INVITE');
    if (invites === 1) assertUnbroken(wire.packets);
    else assertWhole(wire.packets);
    const hz = pcmuHz(wire.packets);
    assert.ok(Math.abs(hz - 440) <= 440 * 0.02, `the phone heard ${hz} Hz`);

    await frames.ended(call);
    const received = frames.events(call);
    const wayUp = ['progress', 'ringing', 'accepted', 'established'];
    // When the page hangs up while it has no socket, the gateway sees its media go first.
    const names = received.map(({ name }) => name).filter((name) => name !== 'media lost');
    assert.deepEqual(names, [...wayUp, ...events, 'terminated']);
    assert.deepEqual(
      received.map(({ seq }) => seq),
      received.map((_, index) => index + 1),
    );
    const seen = await alice.see(call);
    assert.deepEqual(seen.states, [null, ...wayUp, 'terminated']);
    assert.deepEqual(
      seen.events.map(({ name }) => name).filter((name) => name !== 'resumed' && name !== 'media'),
      told,
    );
  }

  /** Takes the whole grace, so it runs beside the other tests. */
  async function callAndDepart(): Promise<void> {
    const carol = await Baresip.start({ user: 'carol' });
    try {
      const lost = await PagePhone.open(browser, gateway.origin, await gateway.mint());
      const call = await lost.call(carol.uri);
      await lost.reaches(call, 'established');
      await lost.close();
      await carol.event('CALL_CLOSED', 75_000);
    } finally {
      await carol.stop();
    }
  }
});
