import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type PhoneStatesHost, startPhoneStates } from '../peers/phone-states-host.ts';

/** Runs in the page: whether the controls have faded. */
const isResting = () => document.querySelector('sylk-phone')?.shadowRoot?.querySelector('.resting') !== null;

describe('the element in a page', () => {
  let host: PhoneStatesHost;
  before(async () => {
    host = await startPhoneStates(8614);
  });
  beforeEach(() => host.look({ width: 1440, height: 900, scheme: 'light' }));
  after(() => host.close());

  const turnInto = (state: string) => host.page.evaluate((name) => window.phoneStates.turnInto(name), state);
  const title = () => host.page.title();

  test('its events reach the document, and only the public ones', async () => {
    await host.show('first-visit');
    await host.page.evaluate(() => {
      const heard: string[] = [];
      const names = [
        'sylk-incoming',
        'sylk-state',
        'sylk-ended',
        'sylk-error',
        'sylk-call-request',
        'sylk-typed-request',
      ];
      for (const name of names) document.addEventListener(name, () => heard.push(name));
      document.body.dataset.heard = '';
      document.addEventListener('heard?', () => {
        document.body.dataset.heard = heard.join(' ');
      });
    });
    await host.page.locator('>>> input').fill('bob@example.org');
    await host.page.keyboard.press('Enter');
    await turnInto('incoming-video');
    await turnInto('ended-failed');
    const heard = await host.page.evaluate(() => {
      document.dispatchEvent(new Event('heard?'));
      return document.body.dataset.heard;
    });
    assert.equal(heard, 'sylk-incoming sylk-state sylk-state sylk-ended');
  });

  test('a call that cannot start says why under the field and keeps the address', async () => {
    await host.show('first-visit');
    await host.page.locator('>>> input').fill('bob@example.org');
    await host.page.evaluate(() => {
      if (window.phoneStates.store)
        window.phoneStates.store.refusal = 'You made too many calls. Try again in a minute.';
    });
    await host.page.keyboard.press('Enter');
    await host.page.waitForFunction(() =>
      document.querySelector('sylk-phone')?.shadowRoot?.querySelector('[part=fault]'),
    );
    const text = await host.page.$eval('>>> [part=fault]', (fault) => fault.textContent?.trim());
    assert.equal(text, 'You made too many calls. Try again in a minute.');
    assert.equal(await host.page.$eval('>>> input', (input) => input.value), 'bob@example.org');
  });

  test('the tab says who calls while it rings, and is as before afterwards', async () => {
    await host.show('settled');
    const before = await title();
    await turnInto('incoming-video');
    await host.page.waitForFunction(() => document.title === 'Call from Mary Owens');
    assert.match(await host.page.$eval('link[rel=icon]', (link) => link.href), /^data:image\/svg/);
    await turnInto('settled');
    await host.page.waitForFunction((was) => document.title === was, {}, before);
    assert.equal(await host.page.$eval('link[rel=icon]', (link) => link.getAttribute('href')), 'data:,');
  });

  test('the controls fade from a moving picture, and never again once a key was pressed', async () => {
    await host.show('video-call');
    await host.page.waitForFunction(isResting);
    await host.page.keyboard.press('Tab');
    assert.equal(await host.page.evaluate(isResting), false);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    assert.equal(await host.page.evaluate(isResting), false);
  });

  test('the controls never fade in a call without pictures', async () => {
    await host.show('audio-call');
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    assert.equal(await host.page.evaluate(isResting), false);
  });

  test('both streams are shown where they belong, and the far side is heard', async () => {
    await host.show('video-call');
    const shown = await host.page.evaluate(() => {
      const root = document.querySelector('sylk-phone')?.shadowRoot;
      const streamOf = (selector: string) => root?.querySelector<HTMLMediaElement>(selector)?.srcObject;
      const remote = streamOf('.remote video');
      return {
        differ: remote !== streamOf('.preview video'),
        isHeard: remote !== null && remote === streamOf('audio'),
        isMuted: root?.querySelector<HTMLVideoElement>('.remote video')?.muted,
      };
    });
    assert.deepEqual(shown, { differ: true, isHeard: true, isMuted: true });
  });

  test('a site colours it by the public properties and parts', async () => {
    await host.show('first-visit');
    const colours = await host.page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        'sylk-phone { --sylk-accent: rgb(255, 200, 0) } sylk-phone::part(call-video) { letter-spacing: 3px }',
      );
      document.adoptedStyleSheets = [sheet];
      const root = document.querySelector('sylk-phone')?.shadowRoot;
      const styleOf = (part: string) => {
        const control = root?.querySelector(`[part=${part}]`);
        if (!control) throw new Error(`no part '${part}'`);
        return getComputedStyle(control);
      };
      const { backgroundColor, color } = styleOf('call-audio');
      return { backgroundColor, color, letterSpacing: styleOf('call-video').letterSpacing };
    });
    assert.equal(colours.backgroundColor, 'rgb(255, 200, 0)');
    // Black on a light accent, without being told.
    assert.equal(colours.color, 'oklch(0 0 0)');
    assert.equal(colours.letterSpacing, '3px');
  });

  test('a site puts its own button where one address is called', async () => {
    await host.show('one-button');
    await host.page.evaluate(() => {
      const button = Object.assign(document.createElement('button'), {
        slot: 'call-button',
        textContent: 'Talk to us',
      });
      document.querySelector('sylk-phone')?.append(button);
    });
    await host.page.locator('sylk-phone > button').click();
    assert.deepEqual(await host.page.evaluate(() => window.phoneStates.store?.asked), [
      { action: 'call', args: ['sales@example.org', { audio: true, video: false }] },
    ]);
  });

  test('moved within its page it goes on, and a store that was put in stays open', async () => {
    await host.show('audio-call');
    await host.page.evaluate(() => {
      const phone = document.querySelector('sylk-phone');
      const box = document.createElement('div');
      document.body.append(box);
      if (phone) box.append(phone);
    });
    await turnInto('held-by-me');
    await host.page.waitForFunction(() => document.querySelector('sylk-phone')?.getAttribute('state') === 'held');
  });

  test('it speaks the language of the messages that it is given, to screen readers too, and so does its store', async () => {
    await host.show('first-visit-de');
    const { shown, lang, said } = await host.page.evaluate(() => {
      const phone = document.querySelector('sylk-phone');
      const frame = phone?.shadowRoot?.querySelector('.frame');
      const said = window.phoneStates.store?.words?.cause.youHungUp;
      return { shown: phone?.shadowRoot?.querySelector('h2')?.textContent, lang: frame?.getAttribute('lang'), said };
    });
    assert.deepEqual([shown, lang, said], ['Wen möchten Sie erreichen?', 'de', 'Sie haben aufgelegt.']);
  });

  test('it leaves no global behind', async () => {
    const added = await host.page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow));
      frame.remove();
      return Object.getOwnPropertyNames(window).filter((name) => !usual.has(name) && !/^\d+$/.test(name));
    });
    // `phoneStates` and puppeteer's names are the test's own; lit keeps its version so that two copies can be noticed.
    const expected = new Set([
      'phoneStates',
      'litElementVersions',
      'litHtmlVersions',
      'reactiveElementVersions',
      'litPropertyMetadata',
    ]);
    assert.deepEqual(
      added.filter((name) => !expected.has(name) && !/^(cdc_|puppeteer_|__ariaQuery)/.test(name)),
      [],
    );
  });
});
