import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { writeTone } from './tone.ts';

export interface TestBrowser {
  readonly browser: Browser;
  /** A tab of its own profile: nothing stored is shared with other tabs. */
  newTab(url: string): Promise<Page>;
  close(): Promise<void>;
}

export interface ChromiumOptions {
  readonly toneHz?: number;
  readonly args?: readonly string[];
  readonly executablePath?: string;
  /** Refuses microphone and camera, as a person who presses Block. */
  readonly refusesDevices?: boolean;
  /** Steer it over a pipe instead of a socket: needed when it lives in another network namespace. */
  readonly pipe?: boolean;
}

/** Headless Chromium whose microphone is a tone and whose camera is Chromium's moving test picture. */
export async function startChromium(options: ChromiumOptions = {}): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'sylk-chromium-'));
  const tone = join(folder, 'tone.wav');
  await writeTone(tone, { hz: options.toneHz ?? 440, rate: 48_000, seconds: 30 });
  const browser = await puppeteer.launch({
    executablePath: options.executablePath ?? '/usr/bin/chromium',
    headless: true,
    pipe: options.pipe ?? false,
    userDataDir: join(folder, 'profile'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--use-fake-device-for-media-stream',
      options.refusesDevices === true ? '--deny-permission-prompts' : '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${tone}`,
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      '--disable-background-timer-throttling',
      ...(options.args ?? []),
    ],
  });
  return wrap(browser, () => rm(folder, { recursive: true, force: true }));
}

/** Headless Firefox; its microphone is a 440 Hz tone. It never uses loopback for media: bind a real address. */
export async function startFirefox(): Promise<TestBrowser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.navigator.audio.fake_frequency': 440,
      'media.autoplay.default': 0,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
    },
  });
  return wrap(browser, async () => undefined);
}

function wrap(browser: Browser, cleanUp: () => Promise<void>): TestBrowser {
  return {
    browser,
    async newTab(url) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    async close() {
      await browser.close();
      await cleanUp();
    },
  };
}
