import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';
import { asOwnRoot, type TwoNetworks, twoNetworks } from '../peers/two-networks.ts';

const name = 'the page moves to another network in mid-call';

if (process.getuid?.() !== 0) it(name, () => asOwnRoot(import.meta.filename));
else describe(name, theMove);

function theMove(): void {
  let networks: TwoNetworks;
  let gateway: Gateway;
  let browser: TestBrowser;
  before(async () => {
    networks = await twoNetworks();
    gateway = await startGateway({ SYLK_PUBLIC_ADDRESS: networks.gateway, SYLK_WEB_ORIGINS: '*' });
    browser = await startChromium({
      executablePath: networks.chromium,
      pipe: true,
      args: [`--unsafely-treat-insecure-origin-as-secure=http://${networks.gateway}:${gateway.httpPort}`],
    });
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
    await networks?.stop();
  });

  it('ICE starts again within the same SIP dialog, and both hear each other', async () => {
    const bob = await Baresip.start();
    try {
      const alice = await PagePhone.open(
        browser,
        `http://${networks.gateway}:${gateway.httpPort}`,
        await gateway.mint(),
      );
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      networks.moveTo(2);
      await alice.event(call, 'resumed', 0, 20_000);
      await flows(alice, call);
      await alice.hears(call, 1000);
      assert.equal((await alice.see(call)).state, 'established');
      assert.equal(bob.events.filter((event) => event.type === 'CALL_ESTABLISHED').length, 1);
      assert.equal(
        bob.events.filter((event) => event.type === 'CALL_REMOTE_SDP').length,
        1,
        'a re-INVITE reached the phone',
      );
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
      const heard = await bob.heardHz();
      assert.ok(heard !== undefined && Math.abs(heard - 440) <= 440 * 0.02, `the phone heard ${heard} Hz`);
    } finally {
      await bob.stop();
    }
  });
}

/** What is heard may be the rest of the buffers, so packets count. */
async function flows(phone: PagePhone, call: string): Promise<void> {
  for (let second = 0; second < 20; second++) {
    const before = (await phone.media(call)).audioPackets;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    if ((await phone.media(call)).audioPackets - before > 40) return;
  }
  throw new Error('no sound came over the new network in 20 s');
}
