import type { Page } from 'puppeteer-core';
import type { CallView, PhoneSnapshot } from '../../web/src/store/snapshot.ts';
import type { TestBrowser } from './browser.ts';

/** Somebody in front of the page: presses what can be seen, types, reads, looks and listens. */
export class PagePerson {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page in a profile of its own. */
  static async open(browser: TestBrowser, url: string): Promise<PagePerson> {
    const person = new PagePerson(await browser.newTab(url));
    await person.page.setViewport({ width: 390, height: 844 });
    return person;
  }

  /** Brings the tab to the front, presses the visible control with this part, and waits for it if need be. */
  async press(part: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.waitForFunction(pressPart, { polling: 50, timeout: 10_000 }, part);
  }

  /** Puts a text into the address field. */
  async type(text: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.locator('>>> #sylk-address').fill(text);
  }

  /** Puts a text into the visible field with this part, in place of what is there. */
  async fill(part: string, text: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.waitForFunction(focusPart, { polling: 50, timeout: 10_000 }, part);
    await this.page.keyboard.type(text);
  }

  /** Waits until the phone is in this state. */
  async reaches(state: string, timeoutMs = 15_000): Promise<void> {
    try {
      await this.page.waitForFunction(
        (wanted) => document.querySelector('sylk-phone')?.getAttribute('state') === wanted,
        { polling: 50, timeout: timeoutMs },
        state,
      );
    } catch (cause) {
      throw new Error(`the phone did not get to ${state}: ${JSON.stringify(await this.snapshot())}`, { cause });
    }
  }

  /** Waits until these words can be read somewhere on the phone. */
  async reads(words: string, timeoutMs = 10_000): Promise<void> {
    try {
      await this.page.waitForFunction(showsText, { polling: 50, timeout: timeoutMs }, words);
    } catch (cause) {
      throw new Error(`'${words}' cannot be read: ${JSON.stringify(await this.snapshot())}`, { cause });
    }
  }

  /** Waits until the far side's picture moves. */
  async sees(timeoutMs = 15_000): Promise<void> {
    const start = await this.page.evaluate(framesSeen);
    await this.page.waitForFunction(`(${framesSeen.toString()})() > ${start} + 5`, {
      polling: 100,
      timeout: timeoutMs,
    });
  }

  /** Waits until a tone of this height is heard, within 2 %. */
  async hears(hz: number, timeoutMs = 15_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    let last = 0;
    while (Date.now() < until) {
      last = await this.page.evaluate(heardHz);
      if (Math.abs(last - hz) <= hz * 0.02) return;
    }
    throw new Error(`${hz} Hz was not heard in ${timeoutMs} ms; last it was ${last} Hz`);
  }

  /** The state behind the picture, for what a person cannot know. */
  async snapshot(): Promise<PhoneSnapshot> {
    const snapshot = await this.page.evaluate(() => document.querySelector('sylk-phone')?.store?.snapshot);
    if (snapshot === undefined) throw new Error('the page has no phone');
    return snapshot;
  }

  async call(): Promise<CallView> {
    const [call] = (await this.snapshot()).calls;
    if (call === undefined) throw new Error('there is no call');
    return call;
  }

  /** Gets a temporary address by one press. */
  async getAddress(): Promise<string> {
    await this.press('get-temporary');
    await this.reads('Ready to be called');
    return (await this.snapshot()).own?.address ?? '';
  }
}

/** Runs in the page. */
function focusPart(part: string): boolean {
  const fields = document.querySelector('sylk-phone')?.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${part}"]`);
  const field = [...(fields ?? [])].find((element) => element.checkVisibility() && element.closest('[inert]') === null);
  field?.focus();
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
  return field !== undefined;
}

/** Runs in the page. */
function pressPart(part: string): boolean {
  const controls = document.querySelector('sylk-phone')?.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${part}"]`);
  const control = [...(controls ?? [])].find(
    (element) => element.checkVisibility() && element.closest('[inert]') === null,
  );
  control?.click();
  return control !== undefined;
}

/** Runs in the page. */
function showsText(words: string): boolean {
  const root = document.querySelector('sylk-phone')?.shadowRoot;
  const texts = [...(root?.querySelectorAll<HTMLElement>('p, h1, h2, span, button') ?? [])];
  return texts.some((element) => element.checkVisibility() && element.innerText.includes(words));
}

/** Runs in the page: pictures of the far side that were shown so far. */
function framesSeen(): number {
  const video = document.querySelector('sylk-phone')?.shadowRoot?.querySelector<HTMLVideoElement>('.remote video');
  return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
}

/** Runs in the page: the strongest tone in what the phone plays, in Hz; 0 for silence. */
async function heardHz(): Promise<number> {
  const stream = document.querySelector('sylk-phone')?.shadowRoot?.querySelector('audio')?.srcObject;
  if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) return 0;
  const context = new AudioContext();
  const analyser = Object.assign(context.createAnalyser(), { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(stream).connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const best = bins.reduce((top, level, bin) => (level > (bins[top] ?? -Infinity) ? bin : top), 1);
  const hz = (bins[best] ?? -Infinity) > -70 ? (best * context.sampleRate) / analyser.fftSize : 0;
  await context.close();
  return hz;
}
