import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePerson } from '../peers/page-person.ts';
import { ScriptedPhone } from '../peers/scripted-phone.ts';

describe('a person reads why there was no call', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let anna: PagePerson;
  let address: string;
  let carol: Baresip;
  before(async () => {
    gateway = await startGateway();
    browser = await startChromium();
    anna = await PagePerson.open(browser, gateway.origin);
    address = await anna.getAddress();
    carol = await Baresip.start({ user: 'carol', account: `outbound="sip:127.0.0.1:${gateway.sipPort}"` });
  });
  after(async () => {
    await carol?.stop();
    await browser?.close();
    await gateway?.stop();
  });

  /** What baresip says of the end of its newest call begins with this code. */
  async function closedWith(code: number, count: number): Promise<void> {
    const { param } = await carol.event('CALL_CLOSED', 10_000, count);
    assert.match(param, new RegExp(`^${code}`));
  }

  it('but not when she declined herself: the phone reads 603, she is ready for the next call', async () => {
    carol.dial(address);
    await anna.reaches('incoming');
    await anna.press('decline');
    await closedWith(603, 0);
    await anna.reads('Ready to be called');
    assert.deepEqual((await anna.snapshot()).calls, []);
  });

  it('when the phone gave up before she answered', async () => {
    carol.dial(address);
    await anna.reaches('incoming');
    await carol.event('CALL_RINGING', 10_000, 1);
    carol.command('hangup');
    await anna.reads('Missed call from');
  });

  const refusals: [status: string, words: string][] = [
    ['486 Busy Here', 'is busy.'],
    ['603 Decline', 'declined.'],
    ['488 Not Acceptable Here', 'no codec in common.'],
  ];
  for (const [status, words] of refusals) {
    it(`when the phone that she calls says ${status}`, async () => {
      const phone = await ScriptedPhone.start({ status });
      try {
        const caller = await PagePerson.open(browser, `${gateway.origin}/call/${phone.uri}`);
        await caller.press('call-audio');
        await caller.reads(words);
        await caller.page.close();
      } finally {
        phone.stop();
      }
    });
  }

  it('when the address has expired, and a phone that calls it reads 410', async () => {
    const gone = await gateway.mint();
    gateway.expire(gone.address);
    await readsWhenCalling(gone.address, 'That address was temporary and has expired.');
    carol.dial(gone.address);
    await closedWith(410, 2);
  });

  it('when nobody is signed in there, and a phone that calls it reads 480', async () => {
    const away = await gateway.mint();
    await readsWhenCalling(away.address, 'is not signed in anywhere right now.');
    carol.dial(away.address);
    await closedWith(480, 3);
  });

  it('when nobody has the address, and a phone that calls it reads 404', async () => {
    await readsWhenCalling(`nobody@${gateway.domain}`, 'No one has the address');
    carol.dial(`nobody@${gateway.domain}`);
    await closedWith(404, 4);
  });

  async function readsWhenCalling(to: string, words: string): Promise<void> {
    const caller = await PagePerson.open(browser, `${gateway.origin}/call/${to}`);
    await caller.press('call-audio');
    await caller.reads(words);
    await caller.page.close();
  }
});
