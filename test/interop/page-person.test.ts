import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';

const pictures = join(import.meta.dirname, '../out/person');

/** What a person does on the page that the gateway serves, with nothing but eyes and fingers. */
describe('a person on the page', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  before(async () => {
    await mkdir(pictures, { recursive: true });
    gateway = await startGateway();
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it('calls the echo with video without an account, reloads, still has the call, and hangs up', async () => {
    const page = await browser.newTab(`${gateway.origin}/`);
    await page.setViewport({ width: 1440, height: 900 });
    await type(page, `echo@${gateway.domain}`);
    await press(page, 'call-video');
    await state(page, 'established');
    await pictureMoves(page);
    await page.screenshot({ path: join(pictures, 'call-video.png') });
    await page.reload();
    await state(page, 'established');
    await pictureMoves(page);
    await press(page, 'hang-up');
    await page.waitForSelector('sylk-phone >>> sylk-ended');
    await page.close();
  });

  it('gets a temporary address in one click, and is called at it by a phone', async () => {
    const page = await browser.newTab(`${gateway.origin}/`);
    await page.setViewport({ width: 390, height: 844 });
    await page.screenshot({ path: join(pictures, 'first-visit.png') });
    await press(page, 'get-temporary');
    const address = await page.waitForFunction(
      (domain) => {
        const texts = (node: ParentNode): string =>
          [...node.querySelectorAll('*')]
            .map((one) => (one.shadowRoot ? texts(one.shadowRoot) : one.textContent))
            .join(' ');
        return new RegExp(`[a-z0-9-]+@${domain}`).exec(texts(document))?.[0];
      },
      {},
      gateway.domain,
    );
    const carol = await Baresip.start({ user: 'carol', account: `outbound="sip:127.0.0.1:${gateway.sipPort}"` });
    try {
      carol.dial(String(await address.jsonValue()));
      await state(page, 'incoming');
      await page.screenshot({ path: join(pictures, 'incoming.png') });
      await press(page, 'answer');
      await carol.event('CALL_ESTABLISHED');
      await state(page, 'established');
      carol.command('hangup');
      await page.waitForSelector('sylk-phone >>> sylk-ended');
    } finally {
      await carol.stop();
      await page.close();
    }
  });

  it('is told in words when nobody has the address, and finds the ladder behind the details', async () => {
    const page = await browser.newTab(`${gateway.origin}/`);
    await type(page, `nobody@${gateway.domain}`);
    await press(page, 'call-audio');
    await says(page, 'No one has the address');
    await press(page, 'details-summary');
    await says(page, 'session-create');
    await page.close();
  });

  it('follows a link to an address', async () => {
    const page = await browser.newTab(`${gateway.origin}/call/echo@${gateway.domain}`);
    await press(page, 'call-audio');
    await state(page, 'established');
    await press(page, 'hang-up');
    await page.waitForSelector('sylk-phone >>> sylk-ended');
    await page.close();
  });
});

async function type(page: Page, text: string): Promise<void> {
  await page.locator('sylk-phone >>> [part~="address-field"]').fill(text);
}

async function press(page: Page, part: string): Promise<void> {
  await page.locator(`sylk-phone >>> [part~="${part}"]`).setTimeout(15_000).click();
}

/** The state that any stylesheet of the page around can see. */
async function state(page: Page, wanted: string): Promise<void> {
  try {
    await page.waitForSelector(`sylk-phone[state="${wanted}"]`, { timeout: 15_000 });
  } catch (cause) {
    const is = await page.$eval('sylk-phone', (element) => element.getAttribute('state'));
    throw new Error(`the element is ${is}, not ${wanted}`, { cause });
  }
}

/** Anywhere in the element, however deep. */
async function says(page: Page, words: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const texts = (node: ParentNode): string =>
        [...node.querySelectorAll('*')]
          .map((one) => `${one.textContent} ${one.shadowRoot ? texts(one.shadowRoot) : ''}`)
          .join(' ');
      return texts(document).includes(wanted);
    },
    { timeout: 10_000 },
    words,
  );
}

async function pictureMoves(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const videos = (node: ParentNode): HTMLVideoElement[] =>
        [...node.querySelectorAll('*')].flatMap((one) =>
          one instanceof HTMLVideoElement ? [one] : one.shadowRoot ? videos(one.shadowRoot) : [],
        );
      return videos(document).filter((video) => video.videoWidth > 0 && video.currentTime > 1).length >= 2;
    },
    { timeout: 15_000 },
  );
}
