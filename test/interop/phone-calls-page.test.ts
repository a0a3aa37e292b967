import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';

describe('a phone calls an address', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  before(async () => {
    gateway = await startGateway();
    browser = await startChromium({ toneHz: 440 });
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  async function phone(): Promise<Baresip> {
    return Baresip.start({ user: 'carol', account: `outbound="sip:127.0.0.1:${gateway.sipPort}"` });
  }

  it('with two tabs open both ring, one answers, the other stops with the reason', async () => {
    const account = await gateway.mint();
    const [first, second] = [
      await PagePhone.open(browser, gateway.origin, account),
      await PagePhone.open(browser, gateway.origin, account),
    ];
    const carol = await phone();
    try {
      carol.dial(account.address);
      const [atFirst, atSecond] = await Promise.all([first.incoming(), second.incoming()]);
      assert.equal(atFirst, atSecond);
      await carol.event('CALL_RINGING');
      await second.answer(atSecond);
      await second.reaches(atSecond, 'established');
      assert.match((await first.reaches(atFirst, 'terminated')).reason ?? '', /elsewhere/i);
      await second.hears(atSecond, 1000);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await second.act(atSecond, 'terminate');
      await carol.event('CALL_CLOSED');
      const heard = await carol.heardHz();
      assert.ok(heard !== undefined && Math.abs(heard - 440) <= 440 * 0.02, `the phone heard ${heard} Hz`);
    } finally {
      await Promise.all([carol.stop(), first.close(), second.close()]);
    }
  });

  it('a page that declines gives 603, a page that is busy 486', async () => {
    const account = await gateway.mint();
    const tab = await PagePhone.open(browser, gateway.origin, account);
    const carol = await phone();
    try {
      for (const [index, code] of [603, 486].entries()) {
        carol.dial(account.address);
        const call = await tab.incoming();
        await tab.act(call, 'terminate', { code });
        const closed = await carol.event('CALL_CLOSED', 10_000, index);
        assert.match(closed.param, new RegExp(`^${code}`));
        await tab.reaches(call, 'terminated');
      }
    } finally {
      await Promise.all([carol.stop(), tab.close()]);
    }
  });

  it('a caller who gives up leaves a missed call', async () => {
    const account = await gateway.mint();
    const tab = await PagePhone.open(browser, gateway.origin, account);
    const carol = await phone();
    try {
      carol.dial(account.address);
      const call = await tab.incoming();
      await carol.event('CALL_RINGING');
      carol.command('hangup');
      assert.match((await tab.reaches(call, 'terminated')).reason ?? '', /^487 /);
    } finally {
      await Promise.all([carol.stop(), tab.close()]);
    }
  });

  it('unknown is 404, nobody signed in is 480, an expired address is 410', async () => {
    const away = await gateway.mint();
    const gone = await gateway.mint();
    gateway.expire(gone.address);
    const carol = await phone();
    try {
      const wanted = [
        [`nobody@${gateway.domain}`, 404],
        [away.address, 480],
        [gone.address, 410],
      ] as const;
      for (const [index, [uri, code]] of wanted.entries()) {
        carol.dial(uri);
        const closed = await carol.event('CALL_CLOSED', 10_000, index);
        assert.match(closed.param, new RegExp(`^${code}`), `${uri} gave ${closed.param}`);
      }
    } finally {
      await carol.stop();
    }
  });

  it('who was away finds the missed call at sign-in', async () => {
    const account = await gateway.mint();
    const carol = await phone();
    try {
      carol.dial(account.address);
      await carol.event('CALL_CLOSED');
      const tab = await PagePhone.open(browser, gateway.origin, account);
      const missed = await tab.missed();
      assert.match(missed.uri, /^carol@/);
      await tab.close();
    } finally {
      await carol.stop();
    }
  });

  it('echo answers a phone too', async () => {
    const carol = await phone();
    try {
      carol.dial(`echo@${gateway.domain}`);
      await carol.event('CALL_ESTABLISHED');
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      carol.command('hangup');
      await new Promise((resolve) => setTimeout(resolve, 500));
      const heard = await carol.heardHz();
      assert.ok(heard !== undefined && Math.abs(heard - 1000) <= 20, `the phone heard ${heard} Hz`);
    } finally {
      await carol.stop();
    }
  });
});
