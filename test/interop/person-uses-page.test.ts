import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, hostAddress, startGateway } from '../peers/gateway.ts';
import { PagePerson } from '../peers/page-person.ts';
import { serveSite, siteOrigin } from '../peers/site.ts';

describe('a person uses the page', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  before(async () => {
    browser = await startChromium();
    gateway = await startGateway({ SYLK_WEB_ORIGINS: siteOrigin });
  });
  after(async () => {
    await browser.close();
    await gateway.stop();
  });

  test('a newcomer presses one button and hears their own voice', async () => {
    const alice = await PagePerson.open(browser, gateway.origin);
    await alice.press('call-echo');
    await alice.reaches('established');
    await alice.hears(440);
    await alice.press('hang-up');
    await alice.reads('You hung up.');
    await alice.press('details-summary');
    await alice.page.waitForFunction(() =>
      document.querySelector('sylk-phone')?.shadowRoot?.querySelector('pre')?.textContent?.includes('session-create'),
    );
    await alice.page.close();
  });

  test('two people meet by a call link, see and hear each other, hold, and part', async () => {
    const bob = await PagePerson.open(browser, gateway.origin);
    const address = await bob.getAddress();
    const alice = await PagePerson.open(browser, `${gateway.origin}/call/${address}`);
    assert.equal(await alice.page.title(), `Call ${address}`);
    await alice.press('call-video');
    await alice.reaches('ringing');
    await bob.reads('Incoming video call');
    await bob.press('answer-video');
    await Promise.all([alice.reaches('established'), bob.reaches('established')]);
    for (const person of [alice, bob]) {
      await person.page.bringToFront();
      await person.sees();
      await person.hears(440);
    }

    await bob.press('hold');
    await alice.reads('put you on hold');
    await bob.press('hold');
    await alice.reaches('established');

    await alice.page.reload();
    await alice.reaches('established');
    await alice.page.bringToFront();
    await alice.sees();

    await bob.press('hang-up');
    await alice.reads('hung up.');
    await Promise.all([alice.page.close(), bob.page.close()]);
  });

  test('a call that nobody takes is missed, and can be called back', async () => {
    const bob = await PagePerson.open(browser, gateway.origin);
    const address = await bob.getAddress();
    const alice = await PagePerson.open(browser, `${gateway.origin}/call/${address}`);
    await alice.press('call-audio');
    await bob.reaches('incoming');
    await alice.press('cancel');
    await alice.reads('You cancelled.');
    await bob.reads('Missed call from');
    await bob.press('call-back');
    await alice.reaches('incoming');
    await alice.press('decline');
    await bob.reads('declined.');
    await Promise.all([alice.page.close(), bob.page.close()]);
  });

  test('an address that nobody has is said so in a sentence', async () => {
    const alice = await PagePerson.open(browser, gateway.origin);
    await alice.type('nobody');
    await alice.press('call-audio');
    await alice.reads(`No one has the address nobody@${gateway.domain}. Check the spelling.`);
    await alice.page.close();
  });

  test('somebody is blocked, hears from then on that nobody is there, and is allowed again', async () => {
    const bob = await PagePerson.open(browser, gateway.origin);
    const alice = await PagePerson.open(browser, `${gateway.origin}/call/${await bob.getAddress()}`);
    await alice.press('call-audio');
    await bob.reads('Address verified');
    await bob.press('block');
    await alice.reads('declined.');
    await alice.press('call-again');
    await alice.reads('is not signed in anywhere right now.');
    assert.equal((await bob.snapshot()).recents.length, 1);
    await bob.press('undo-block');
    await alice.press('call-again');
    await bob.reaches('incoming');
    await Promise.all([alice.page.close(), bob.page.close()]);
  });

  test('who is blocked on one device is blocked on the other, and allowed again there', async () => {
    const address = `robert@${gateway.domain}`;
    const laptop = await PagePerson.open(browser, gateway.origin);
    await laptop.press('get-permanent');
    await laptop.fill('name-field', 'robert');
    const phone = await PagePerson.open(browser, gateway.origin);
    for (const device of [laptop, phone]) {
      if (device === phone) {
        await phone.press('sign-in');
        await phone.fill('name-field', address);
      }
      await device.fill('password-field', 'correct horse');
      await device.press('address-submit');
      await device.reads('Ready to be called');
    }
    const alice = await PagePerson.open(browser, `${gateway.origin}/call/${address}`);
    await alice.press('call-audio');
    await Promise.all([laptop.reaches('incoming'), phone.reaches('incoming')]);
    await laptop.press('block');
    await alice.reads('declined.');
    for (const part of ['done', 'open-address', 'open-blocked']) await phone.press(part);
    await phone.reads('Their calls and messages do not reach you');
    await alice.press('call-again');
    await alice.reads('is not signed in anywhere right now.');
    await phone.press('unblock');
    await phone.reads('Nobody is blocked.');
    await alice.press('call-again');
    await Promise.all([laptop.reaches('incoming'), phone.reaches('incoming')]);
    assert.deepEqual((await laptop.snapshot()).blocked, []);
    await Promise.all([alice.page.close(), laptop.page.close(), phone.page.close()]);
  });

  test('an address with a name is signed out, signed in again, and deleted for good', async () => {
    const bob = await PagePerson.open(browser, gateway.origin);
    await bob.press('get-permanent');
    await bob.fill('name-field', 'bobby');
    await bob.fill('password-field', 'correct horse');
    await bob.press('address-submit');
    await bob.reads('Ready to be called');
    await bob.press('open-address');
    for (const part of ['sign-out', 'sign-out-yes', 'sign-in']) await bob.press(part);
    await bob.fill('name-field', `bobby@${gateway.domain}`);
    await bob.fill('password-field', 'correct horse');
    await bob.press('address-submit');
    await bob.reads('Ready to be called');
    for (const part of ['forget-address', 'forget-yes']) await bob.press(part);
    await bob.reads('Get your own address');
    await bob.press('sheet-close');
    await bob.type('bobby');
    await bob.press('call-audio');
    await bob.reads(`No one has the address bobby@${gateway.domain}.`);
    await bob.page.close();
  });

  test('whoever wants German gets it, from the page and from its store', async () => {
    const anna = await PagePerson.open(browser, gateway.origin);
    await anna.page.evaluateOnNewDocument(() =>
      Object.defineProperty(navigator, 'languages', { value: ['gsw', 'de-AT', 'en'] }),
    );
    await anna.page.goto(`${gateway.origin}/call/niemand@${gateway.domain}`);
    await anna.reads('Wen möchten Sie erreichen?');
    const { lang, title } = await anna.page.evaluate(() => ({
      lang: document.documentElement.lang,
      title: document.title,
    }));
    assert.deepEqual([lang, title], ['de', `niemand@${gateway.domain} anrufen`]);
    await anna.press('call-audio');
    await anna.reads(`Niemand hat die Adresse niemand@${gateway.domain}.`);
    await anna.page.close();
  });

  test('the insecure page leads to the secure one, which calls', async () => {
    const insecure = `http://${hostAddress()}:${gateway.httpPort}/call/echo@${gateway.domain}`;
    const alice = await PagePerson.open(browser, insecure);
    await alice.reads('This page needs a secure connection');
    const config: unknown = await (await fetch(`${gateway.origin}/api/config`)).json();
    const secure = insecure.replace('http:', 'https:').replace(`:${gateway.httpPort}`, `:${Object(config).httpsPort}`);
    await alice.page.waitForFunction(
      (url) => document.querySelector('sylk-phone')?.shadowRoot?.querySelector<HTMLAnchorElement>('a')?.href === url,
      {},
      secure,
    );
    await alice.page.close();
  });

  test('another site has one button that calls one address', async () => {
    const site = await serveSite(gateway.origin, `echo@${gateway.domain}`);
    try {
      const visitor = await PagePerson.open(browser, siteOrigin);
      await visitor.press('call-button');
      await visitor.reaches('established');
      await visitor.hears(440);
      await visitor.page.close();
    } finally {
      site.close();
    }
  });

  test('who may not use a microphone is told what to do, and can listen', async () => {
    const refusing = await startChromium({ refusesDevices: true });
    try {
      const alice = await PagePerson.open(refusing, gateway.origin);
      await alice.type('echo');
      await alice.press('call-audio');
      await alice.reads('The browser blocks your microphone');
      await alice.press('permission-listen');
      await alice.reaches('established');
      await alice.reads('You only listen. They do not hear you.');
    } finally {
      await refusing.close();
    }
  });
});
