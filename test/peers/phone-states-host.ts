import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { startChromium, type TestBrowser } from './browser.ts';

/** As strict as a careful site: no inline style or script, no eval, nothing from another host. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Phone</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css"><script type="module" src="/main.js"></script></head><body></body></html>`;
const style = ':root { color-scheme: light dark } body { margin: 0; block-size: 100dvh }';

/** How a page is shown: its size in CSS px, and the scheme the person prefers. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

/** The scripted phone in a browser, one state after the other. */
export interface PhoneStatesHost {
  /** Complaints of the browser so far: script errors and breaches of the policy. */
  readonly complaints: readonly string[];
  readonly page: Page;
  /** Gives the page this size and scheme; motion is off, so that pictures are still. */
  look(look: Look): Promise<void>;
  /** Puts a phone in this state into the page. */
  show(state: string): Promise<void>;
  close(): Promise<void>;
}

/** Bundles the scripted phone, serves it under a strict policy, and opens it in headless Chromium. */
export async function startPhoneStates(port: number): Promise<PhoneStatesHost> {
  const server = await serve(await bundle(), port);
  const browser = await startChromium();
  const page = await browser.newTab(`http://127.0.0.1:${port}/`);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.reload();
  await page.waitForFunction(() => window.phoneStates !== undefined);
  return { complaints, page, ...steer(page), close: () => closeAll(browser, server) };
}

function steer(page: Page): Pick<PhoneStatesHost, 'look' | 'show'> {
  return {
    async look({ width, height, scheme }) {
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
    },
    async show(state) {
      await page.mouse.move(1, 1);
      await page.evaluate((name) => window.phoneStates.show(name), state);
    },
  };
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../fakes/phone-states-page.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

function serve(script: string, port: number): Promise<Server> {
  const files: Record<string, readonly [type: string, body: string]> = {
    '/': ['text/html', html],
    '/main.js': ['text/javascript', script],
    '/page.css': ['text/css', style],
    '/api/config': ['application/json', JSON.stringify({ httpsPort: 9443 })],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ''] ?? ['text/plain', ''];
    response.writeHead(body === '' ? 404 : 200, { 'content-type': type, 'content-security-policy': policy }).end(body);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

async function closeAll(browser: TestBrowser, server: Server): Promise<void> {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
