import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startFirefox, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';

// Without a sound device Firefox decodes nothing that a page could analyse, so its packet counters speak for it.
describe('Firefox', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let alice: PagePhone;
  let account: { address: string; password: string };
  before(async () => {
    gateway = await startGateway();
    browser = await startFirefox();
    account = await gateway.mint();
    alice = await PagePhone.open(browser, gateway.origin, account);
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it('calls a phone', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established', 20_000);
      await speaksAndHears(alice, call, bob);
    } finally {
      await bob.stop();
    }
  });

  it('is called by a phone', async () => {
    const carol = await Baresip.start({ user: 'carol', account: `outbound="sip:127.0.0.1:${gateway.sipPort}"` });
    try {
      carol.dial(account.address);
      const call = await alice.incoming();
      await alice.answer(call);
      await alice.reaches(call, 'established', 20_000);
      await speaksAndHears(alice, call, carol);
    } finally {
      await carol.stop();
    }
  });
});

async function speaksAndHears(phone: PagePhone, call: string, peer: Baresip): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const media = await phone.media(call);
  assert.ok(media.audioPackets > 100, `only ${media.audioPackets} packets heard`);
  await phone.act(call, 'terminate');
  await peer.event('CALL_CLOSED');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const heard = await peer.heardHz();
  assert.ok(heard !== undefined && Math.abs(heard - 440) <= 440 * 0.02, `the phone heard ${heard} Hz`);
}
