/** What only SIP brings, done by a person with the page's own controls; its pictures are kept in both sizes. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { Kamailio } from '../peers/kamailio.ts';
import { PagePerson } from '../peers/page-person.ts';

const pictures = join(import.meta.dirname, '../out/sip');

describe('a person on the page and people with phones', () => {
  let provider: Kamailio;
  let gateway: Gateway;
  let browser: TestBrowser;
  const phones: Baresip[] = [];

  before(async () => {
    await mkdir(pictures, { recursive: true });
    provider = await Kamailio.start();
    gateway = await startGateway({ SYLK_FOREIGN_ACCOUNTS: `provider.test=${provider.uri}` });
    browser = await startChromium({ toneHz: 440 });
  });
  after(async () => {
    await Promise.all(phones.map((phone) => phone.stop()));
    await browser?.close();
    await gateway?.stop();
    await provider?.stop();
  });

  const phone = async (options: Parameters<typeof Baresip.start>[0]): Promise<Baresip> => {
    const started = await Baresip.start(options);
    phones.push(started);
    return started;
  };

  const picture = async ({ page }: PagePerson, name: string): Promise<void> => {
    await page.bringToFront();
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewport({ width, height });
      await page.screenshot({ path: join(pictures, `${name}-${width}x${height}.png`) });
    }
  };

  const calls = async (alice: PagePerson, uri: string, media: 'audio' | 'video' = 'audio'): Promise<void> => {
    await alice.type(uri);
    await alice.press(`call-${media}`);
    await alice.reaches('established');
  };

  it('a caller hands a phone on to another one, which rings first; the two go on without the page', async () => {
    const bob = await phone({ user: 'bob', toneHz: 600 });
    const carol = await phone({ user: 'carol', toneHz: 1500, answers: 'manual' });
    const alice = await PagePerson.open(browser, gateway.origin);
    await calls(alice, bob.uri);
    await alice.hears(600);
    await alice.press('transfer');
    await alice.fill('transfer-field', carol.uri);
    await picture(alice, 'transfer-sheet');
    await alice.press('transfer-hand');
    await carol.event('CALL_INCOMING');
    await alice.reads('is being rung to take the call');
    await picture(alice, 'transfer-rings');
    carol.command('accept');
    await alice.reads(`You handed ${bob.uri} on.`);
    await picture(alice, 'transfer-done');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    carol.command('hangup');
    await bob.event('CALL_CLOSED');
    assert.ok(Math.abs(((await carol.heardHz()) ?? 0) - 600) < 30, 'the new partner hears the phone');
    await alice.page.close();
  });

  it('a transfer to somebody who is busy is told, and the call goes on', async () => {
    const bob = await phone({ user: 'bob', toneHz: 600 });
    const carol = await phone({ user: 'carol', answers: 'manual' });
    const alice = await PagePerson.open(browser, gateway.origin);
    await calls(alice, bob.uri);
    await alice.press('transfer');
    await alice.press('transfer-hand');
    await alice.reads('Write a whole address');
    await alice.fill('transfer-field', carol.uri);
    await alice.press('transfer-hand');
    await carol.event('CALL_INCOMING');
    carol.command('hangup');
    await alice.reads('is busy. You are still in the call.');
    await picture(alice, 'transfer-failed');
    await alice.press('line-action');
    await alice.hears(600);
    await alice.press('hang-up');
    await bob.event('CALL_CLOSED');
    await alice.page.close();
  });

  it('a person connects the two that they talk with', async () => {
    const bob = await phone({ user: 'bob', toneHz: 600 });
    const carol = await phone({ user: 'carol', toneHz: 1500 });
    const alice = await PagePerson.open(browser, gateway.origin);
    await calls(alice, bob.uri);
    const address = (await alice.snapshot()).own?.address ?? '';
    carol.dial(`${address.split('@')[0]}@127.0.0.1:${gateway.sipPort}`);
    await alice.press('answer');
    await carol.event('CALL_ESTABLISHED');
    await alice.hears(1500);
    await alice.press('transfer');
    await picture(alice, 'transfer-to-a-call');
    await alice.press('transfer-connect');
    await alice.reads('on.');
    await alice.page.waitForFunction(() => document.querySelector('sylk-phone')?.store?.snapshot.calls.length === 0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.ok(!bob.events.some(({ type }) => type === 'CALL_CLOSED'));
    bob.command('hangup');
    await carol.event('CALL_CLOSED');
    await alice.page.close();
  });

  it('a phone puts the page on hold, and is put on hold', async () => {
    const bob = await phone({ user: 'bob', toneHz: 600 });
    const alice = await PagePerson.open(browser, gateway.origin);
    await calls(alice, bob.uri);
    bob.command('hold');
    await alice.reads('put you on hold');
    await picture(alice, 'held-by-phone');
    await alice.press('hold');
    await alice.reads('Both sides are on hold.');
    bob.command('resume');
    await alice.reads('On hold. They hear nothing.');
    await picture(alice, 'held-by-page');
    await alice.press('hold');
    await alice.reaches('established');
    await alice.hears(600);
    await alice.press('hang-up');
    await bob.event('CALL_CLOSED');
    await alice.page.close();
  });

  it('a video call with a phone of H.264 is seen', async () => {
    const bob = await phone({ user: 'bob', toneHz: 600, video: ['H264'] });
    const alice = await PagePerson.open(browser, gateway.origin);
    await calls(alice, bob.uri, 'video');
    await alice.sees();
    await alice.hears(600);
    await picture(alice, 'h264');
    await alice.press('hang-up');
    await bob.event('CALL_CLOSED');
    await alice.page.close();
  });

  it('somebody signs in with an account of a provider, and calls through it with digest', async () => {
    const bob = await phone({
      user: 'bob',
      toneHz: 600,
      registers: { aor: 'bob@provider.test', everySec: 600 },
      account: `auth_user=bob;auth_pass=pw-bob;outbound="${provider.uri}"`,
    });
    await bob.event('REGISTER_OK');
    const alice = await PagePerson.open(browser, gateway.origin);
    await alice.press('sign-in');
    await alice.fill('name-field', 'alice@provider.test');
    await alice.fill('password-field', 'wrong');
    await alice.press('address-submit');
    await alice.reads('The address or the password is wrong.');
    await picture(alice, 'provider-refused');
    await alice.fill('password-field', 'pw-alice');
    await alice.press('address-submit');
    await alice.reads('Ready to be called');
    await picture(alice, 'provider-signed-in');
    await calls(alice, 'bob@provider.test');
    await alice.hears(600);
    await picture(alice, 'provider-call');
    assert.match(provider.process.output, /challenged INVITE of alice/);
    await alice.press('hang-up');
    await bob.event('CALL_CLOSED');
    await alice.page.reload();
    await alice.reads('Ready to be called');
    bob.dial('alice@provider.test');
    await alice.reaches('incoming');
    await alice.press('decline');
    await bob.event('CALL_CLOSED', 10_000, 1);
    await alice.page.close();
  });
});
