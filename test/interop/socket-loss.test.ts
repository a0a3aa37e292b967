import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';
import { type ResetProxy, startResetProxy } from '../peers/reset-proxy.ts';

/** A server frame is not masked, so its text can be seen in the chunk that carries it. */
const moments = {
  'before the ack': /"sylkrtc":"ack"/,
  'before ringing': /"state":"ringing"/,
  'before it is answered': /"state":"accepted"/,
  'before it is established': /"state":"established"/,
} as const;

describe('the socket of the calling page is reset', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let proxy: ResetProxy;
  let alice: PagePhone;
  before(async () => {
    gateway = await startGateway({ SYLK_WEB_ORIGINS: '*' });
    proxy = await startResetProxy(gateway.httpPort);
    browser = await startChromium();
    alice = await PagePhone.open(browser, `http://localhost:${proxy.port}`, await gateway.mint());
  });
  after(async () => {
    await browser?.close();
    await proxy?.stop();
    await gateway?.stop();
  });

  /** Resets the socket when the page sends such a chunk, once. */
  function cutOnce(fits: (chunk: Buffer) => boolean): void {
    proxy.watch((chunk, direction) => {
      const isTime = direction === 'up' && fits(chunk);
      if (isTime) proxy.watch(undefined);
      return isTime;
    });
  }

  for (const [moment, frame] of Object.entries(moments)) {
    it(`${moment}: the call comes up as if nothing had been`, async () => {
      const bob = await Baresip.start({ answers: 'manual' });
      try {
        let resets = 0;
        let armed = false;
        proxy.watch((chunk, direction) => {
          const text = chunk.toString('latin1');
          if (direction === 'up' && chunk.length > 1_000) armed = true;
          if (direction === 'down' && armed && resets === 0 && frame.test(text)) return ++resets > 0;
          return false;
        });
        const call = await alice.call(bob.uri);
        await bob.event('CALL_INCOMING');
        bob.command('accept');
        await alice.reaches(call, 'established', 20_000);
        proxy.watch(undefined);
        assert.equal(resets, 1, 'the moment was never seen on the wire');
        await alice.hears(call, 1000);
        assert.equal(bob.events.filter((event) => event.type === 'CALL_INCOMING').length, 1);
        assertOnce(await alice.see(call));
        await alice.act(call, 'terminate');
        await bob.event('CALL_CLOSED');
        await alice.reaches(call, 'terminated');
      } finally {
        await bob.stop();
      }
    });
  }

  it('while established, updating and ending: same dialog, no re-INVITE but the hold', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      proxy.reset();
      await alice.event(call, 'resumed');
      await alice.hears(call, 1000);
      assert.equal(
        bob.events.filter((event) => event.type === 'CALL_REMOTE_SDP').length,
        1,
        'a re-INVITE reached the phone',
      );
      cutOnce((chunk) => chunk.length > 600);
      await alice.act(call, 'hold');
      await alice.event(call, 'resumed', 1);
      await bob.event('CALL_REMOTE_SDP', 10_000, 1);
      await alice.act(call, 'unhold');
      await alice.hears(call, 1000);
      cutOnce(() => true);
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
      assertOnce(await alice.reaches(call, 'terminated'));
    } finally {
      await bob.stop();
    }
  });

  it('a page that never comes back: the phone hears the end within the grace', async () => {
    const bob = await Baresip.start();
    const lost = await PagePhone.open(browser, gateway.origin, await gateway.mint());
    try {
      const call = await lost.call(bob.uri);
      await lost.reaches(call, 'established');
      await lost.close();
      await bob.event('CALL_CLOSED', 75_000);
    } finally {
      await bob.stop();
    }
  });
});

function assertOnce(seen: { states: readonly (string | null)[] }): void {
  assert.deepEqual(seen.states, [...new Set(seen.states)], `states came twice: ${seen.states.join(' ')}`);
}
