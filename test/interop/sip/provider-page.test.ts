/** A person signs in with an account of an existing SIP service, in Chromium, and calls and is called through it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../../peers/browser.ts';
import { type Gateway, startGateway } from '../../peers/gateway.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import { PagePhone } from '../../peers/page-phone.ts';

let provider: Kamailio;
let modern: Kamailio;
let gateway: Gateway;
let browser: TestBrowser;
let bob: Baresip;

before(async () => {
  provider = await Kamailio.start({ challengesInDialog: true });
  modern = await Kamailio.start({ realm: 'modern.test', algorithm: 'SHA-256' });
  gateway = await startGateway({ SYLK_FOREIGN_ACCOUNTS: `provider.test=${provider.uri},modern.test=${modern.uri}` });
  browser = await startChromium({ toneHz: 440 });
  bob = await Baresip.start({
    user: 'bob',
    toneHz: 1000,
    registers: { aor: 'bob@provider.test', everySec: 600 },
    account: `auth_user=bob;auth_pass=pw-bob;outbound="${provider.uri}"`,
  });
  await provider.says(/registered bob/);
});

after(async () => {
  await bob?.stop();
  await browser?.close();
  await gateway?.stop();
  await Promise.all([provider?.stop(), modern?.stop()]);
});

const signIn = (address: string, password: string) => PagePhone.open(browser, gateway.origin, { address, password });

describe('a page with an account of a provider', () => {
  it('page, sign-in: is registered at the provider, calls by it with digest, and is called; both hear each other', async () => {
    const alice = await signIn('alice@provider.test', 'pw-alice');
    assert.match(provider.process.output, /challenged REGISTER of alice[\s\S]*registered alice/);
    const call = await alice.call('bob@provider.test');
    await alice.reaches(call, 'established');
    await alice.hears(call, 1000);
    assert.match(provider.process.output, /challenged INVITE of alice/);
    await alice.act(call, 'terminate');
    await bob.event('CALL_CLOSED');
    bob.dial('alice@provider.test');
    const incoming = await alice.incoming();
    await alice.answer(incoming);
    await alice.reaches(incoming, 'established');
    await alice.hears(incoming, 1000);
    // Its recording needs some time of it.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    bob.command('hangup');
    await alice.reaches(incoming, 'terminated');
    const heard = await bob.heardHz();
    assert.ok(heard !== undefined && Math.abs(heard - 440) <= 440 * 0.02, `bob heard ${heard} Hz`);
    await alice.close();
  });

  it('page, provider with SHA-256 only: the library makes the digest that it is asked for', async () => {
    const page = await signIn('carol@modern.test', 'pw-carol');
    assert.match(modern.process.output, /registered carol/);
    await page.close();
  });

  it('page, wrong password: the library is told 904', async () => {
    await assert.rejects(signIn('dora@provider.test', 'wrong'), /904/);
  });
});
