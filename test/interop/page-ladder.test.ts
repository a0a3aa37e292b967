import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import type {} from '../../web/src/elements/sylk-ladder.ts';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePerson } from '../peers/page-person.ts';

describe('the course of a call is drawn', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let alice: PagePerson;
  let path: string;
  const complaints: string[] = [];

  before(async () => {
    [gateway, browser] = await Promise.all([startGateway(), startChromium()]);
    alice = await PagePerson.open(browser, gateway.origin);
    alice.page.on('console', (line) => {
      if (line.type() === 'error') complaints.push(line.text());
    });
    const phone = await Baresip.start();
    try {
      await alice.getAddress();
      await alice.type(phone.uri);
      await alice.press('call-audio');
      await alice.reaches('established');
      await alice.hears(1000);
      // The second look at what flows, by which there is a stretch to tell of.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await alice.press('hang-up');
      await phone.event('CALL_CLOSED');
    } finally {
      await phone.stop();
    }
    await alice.press('details-summary');
    const link = await alice.page.waitForFunction(() =>
      document.querySelector('sylk-phone')?.shadowRoot?.querySelector('[part~="open-ladder"]')?.getAttribute('href'),
    );
    path = String(await link.jsonValue());
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const open = async (page: Page): Promise<void> => {
    await page.goto(`${gateway.origin}${path}`);
    await page.waitForFunction(() => document.querySelector('sylk-ladder')?.shadowRoot?.querySelector('h1'));
  };
  /** What can be read on the page; words that only screen readers get are in it. */
  const text = (page: Page): Promise<string> =>
    page.evaluate(() => document.querySelector('sylk-ladder')?.shadowRoot?.textContent?.replace(/\s+/g, ' ') ?? '');

  it('for who had it: each step from whom to whom, its message when it is opened, and the cause in words', async () => {
    await open(alice.page);
    await alice.page.waitForFunction(() => document.querySelector('sylk-ladder')?.course);
    const words = await text(alice.page);
    for (const step of [
      'Browser → Gateway: session-create',
      'Gateway → SIP: INVITE',
      'SIP → Gateway: 200',
      'Gateway → SIP: BYE',
    ])
      assert.ok(words.includes(step), `'${step}' is not in: ${words.slice(0, 4_000)}`);
    assert.match(words, /Cause: The caller hung up/);
    const shown = await alice.page.evaluate(() => {
      const root = document.querySelector('sylk-ladder')?.shadowRoot;
      const step = [...(root?.querySelectorAll('details') ?? [])].find((each) => /INVITE/.test(each.innerText));
      step?.querySelector('summary')?.click();
      const message = step?.querySelector('pre');
      return message?.checkVisibility() === true ? message.innerText : '';
    });
    assert.match(shown, /^INVITE sip:bob@[\s\S]*m=audio/);
    assert.deepEqual(await alice.page.$$('sylk-phone'), [], 'a phone is signed in beside it');
    assert.deepEqual(complaints, []);
  });

  for (const [width, height] of [
    [390, 844],
    [1440, 900],
  ] as const)
    it(`at ${width}x${height} it is accessible, and nothing is wider than the page`, async () => {
      await alice.page.setViewport({ width, height });
      await open(alice.page);
      await alice.page.waitForFunction(() => document.querySelector('sylk-ladder')?.course);
      await alice.page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
      for (const scheme of ['light', 'dark']) {
        await alice.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        const { violations } = await alice.page.evaluate(() =>
          window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'], resultTypes: ['violations'] }),
        );
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          [],
        );
      }
      const wide = await alice.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} px too wide`);
    });

  it('with what flowed over time, on both sides, and as text', async () => {
    await open(alice.page);
    await alice.page.waitForFunction(() => document.querySelector('sylk-ladder')?.course);
    const { media = [], text: lines = '' } = await alice.page.evaluate(() => {
      const ladder = document.querySelector('sylk-ladder');
      return { media: ladder?.course?.media.map((side) => ({ ...side })), text: ladder?.text };
    });
    assert.deepEqual(
      media.map(({ side }) => side),
      ['caller', 'called'],
    );
    for (const { side, samples } of media) {
      // PCMU has 64 kbit/s, its packets headers besides.
      const [first] = samples;
      assert.ok(first && first.inKbps > 50 && first.inKbps < 110, `${side} sends ${first?.inKbps} kbit/s`);
      assert.ok(first.outKbps > 50 && first.outKbps < 110, `${side} gets ${first.outKbps} kbit/s`);
      assert.ok(first.inLoss < 0.02, `${side} loses ${first.inLoss}`);
    }
    assert.match(await text(alice.page), /Media over time.*Caller.*Called/);
    assert.match(lines, /media of the caller \(browser\)[\s\S]*media of the called \(sip\)/);
  });

  it('for nobody else: another browser is told so', async () => {
    const stranger = await PagePerson.open(browser, gateway.origin);
    await stranger.getAddress();
    await open(stranger.page);
    assert.match(await text(stranger.page), /not known any more.*another address/);
    assert.equal(await stranger.page.evaluate(() => document.querySelector('sylk-ladder')?.course), undefined);
  });
});
