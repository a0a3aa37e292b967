import { join } from 'node:path';
import { build } from 'esbuild';
import type { CDPSession, Page } from 'puppeteer-core';
import type { TestBrowser } from './browser.ts';
import type { SeenCall, SeenMedia, Wanted } from './in-page/seen.ts';

/**
 * A page with the client library and nothing else: one account, its calls, and what is heard in them.
 * All that it knows lives in the page as `window.phone`, so that a reload loses it, as a person's would.
 */
export class PagePhone {
  readonly page: Page;
  readonly #account: { address: string; password: string };
  #network: CDPSession | undefined;

  private constructor(page: Page, account: { address: string; password: string }) {
    this.page = page;
    this.#account = account;
  }

  get address(): string {
    return this.#account.address;
  }

  /** Opens a tab on `origin`, adds the account and registers it. */
  static async open(
    browser: TestBrowser,
    origin: string,
    account: { address: string; password: string },
  ): Promise<PagePhone> {
    const phone = new PagePhone(await browser.newTab(`${origin}/api/config`), account);
    await phone.#install();
    return phone;
  }

  /** Reloads the tab in mid-call; the new page signs in and takes the call over. */
  async reload(id: string, media: { video?: boolean } = {}): Promise<void> {
    const state = await this.page.evaluate((call) => window.phone.resumeState(call), id);
    if (state === undefined) throw new Error(`call ${id} cannot be taken over by another page`);
    await this.page.reload();
    await this.#install();
    await this.page.evaluate((kept, wanted) => window.phone.restore(kept, wanted), state, media);
  }

  /** Leaves for another site, and signs in anew when it is back. */
  async away(meanwhile: () => Promise<unknown>): Promise<void> {
    const here = this.page.url();
    await this.page.goto('about:blank');
    await meanwhile();
    await this.page.goto(here);
    await this.#install();
  }

  /** @param uri whom to call; resolves with the call's id once the request is out */
  call(uri: string, wanted: Wanted = {}): Promise<string> {
    return this.page.evaluate((to, media) => window.phone.call(to, media), uri, wanted);
  }

  answer(id: string, media: { video?: boolean } = {}): Promise<void> {
    return this.page.evaluate((call, wanted) => window.phone.answer(call, wanted), id, media);
  }

  /** Calls a method of the library's Call object. */
  act(id: string, method: string, ...args: unknown[]): Promise<void> {
    return this.page.evaluate((call, name, values) => window.phone.act(call, name, values), id, method, args);
  }

  /** Offers the camera, or a drawn "screen", to the other side; resolves once it is offered. */
  addVideo(id: string, kind: 'camera' | 'screen' = 'camera'): Promise<void> {
    return this.page.evaluate((call, which) => window.phone.addVideo(call, which), id, kind);
  }

  see(id: string): Promise<SeenCall> {
    return this.page.evaluate((call) => window.phone.see(call), id);
  }

  /** The next incoming call that no test has taken yet. */
  incoming(timeoutMs = 10_000): Promise<string> {
    return this.#until('incoming call', timeoutMs, () => this.page.evaluate(() => window.phone.takeIncoming()));
  }

  /** The first missed call that the page has been told of. */
  missed(timeoutMs = 10_000): Promise<{ uri: string }> {
    return this.#until('missed call', timeoutMs, () => this.page.evaluate(() => window.phone.missed[0]));
  }

  /** Waits until the call has been in this state (also in passing). */
  async reaches(id: string, state: string, timeoutMs = 15_000): Promise<SeenCall> {
    try {
      return await this.#until(state, timeoutMs, async () => {
        const seen = await this.see(id);
        return seen.states.includes(state) ? seen : undefined;
      });
    } catch (cause) {
      throw new Error(`the call did not get to ${state}: ${JSON.stringify(await this.see(id))}`, { cause });
    }
  }

  /** Waits for an event of the call, such as `hold`, `dtmf`, `mediaUpdated`. */
  async event(id: string, name: string, skip = 0, timeoutMs = 15_000): Promise<unknown> {
    const found = await this.#until(`event ${name}`, timeoutMs, async () => {
      const { events } = await this.see(id);
      return events.filter((event) => event.name === name)[skip];
    });
    return found.detail;
  }

  media(id: string): Promise<SeenMedia> {
    return this.page.evaluate((call) => window.phone.media(call), id);
  }

  /** The strongest tone that is heard in this call now, Hz; 0 for silence. */
  heardHz(id: string): Promise<number> {
    return this.page.evaluate((call) => window.phone.heardHz(call), id);
  }

  /** Waits until the tone is heard, within 2 %. */
  async hears(id: string, hz: number, timeoutMs = 10_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    let last = 0;
    while (Date.now() < until) {
      last = await this.heardHz(id);
      if (Math.abs(last - hz) <= hz * 0.02) return;
    }
    throw new Error(
      `${hz} Hz was not heard in ${timeoutMs} ms; last it was ${last} Hz; ${JSON.stringify(await this.media(id))}`,
    );
  }

  /** Offers and answers this video codec alone from now on (`video/H264`); undefined: as the browser has it. */
  async sendsVideoIn(mimeType: string | undefined): Promise<void> {
    await this.page.evaluate((wanted) => window.phone.sendVideoIn(wanted), mimeType);
  }

  /**
   * Puts the tab behind a network like this one. Chromium binds only those calls to it that began behind one, so a
   * test begins with a network without faults and changes it later.
   */
  async network(conditions: { lossPercent?: number; bytesPerSecond?: number; latencyMs?: number } = {}): Promise<void> {
    this.#network ??= await this.page.createCDPSession();
    await this.#network.send('Network.enable');
    await this.#network.send('Network.emulateNetworkConditions', {
      offline: false,
      // Chromium loses nothing on a network without latency.
      latency: conditions.latencyMs ?? 1,
      downloadThroughput: conditions.bytesPerSecond ?? -1,
      uploadThroughput: conditions.bytesPerSecond ?? -1,
      packetLoss: conditions.lossPercent ?? 0,
    });
  }

  close(): Promise<void> {
    return this.page.close();
  }

  /** Asks until there is something. A browser's own way to wait may be code that the page's policy forbids. */
  async #until<Found>(what: string, timeoutMs: number, ask: () => Promise<Found | undefined>): Promise<Found> {
    for (const until = Date.now() + timeoutMs; Date.now() < until; ) {
      const found = await ask();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the page had no ${what} in ${timeoutMs} ms`);
  }

  async #install(): Promise<void> {
    const { address, password } = this.#account;
    await this.page.evaluate(await inPage());
    await this.page.evaluate((name, word) => window.installPhone(name, word), address, password);
  }
}

let bundled: Promise<string> | undefined;

/** The telephone as one script; the page's own policy does not bind what a debugger evaluates. */
function inPage(): Promise<string> {
  bundled ??= build({
    entryPoints: [join(import.meta.dirname, 'in-page/main.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return bundled;
}
