import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import type { Source } from '../../media-edge/src/call/media.ts';
import { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { silentLog } from '../../media-edge/src/ports/log.ts';
import type { BrowserTransport, Consumed, Router, SendParameters } from '../../media-edge/src/ports/sfu.ts';
import { ThreadedRelay } from '../../media-edge/src/relay/relay.ts';
import { writeBrowserAnswer } from '../../media-edge/src/sdp/browser-answer.ts';
import { readBrowserDescription } from '../../media-edge/src/sdp/browser-offer.ts';
import type { BrowserDescription } from '../../media-edge/src/sdp/browser-offer.ts';
import { roleOfOfferer } from '../../media-edge/src/sdp/local-transport.ts';
import type { Negotiated } from '../../media-edge/src/sdp/negotiated.ts';
import { routerCodecs } from '../../media-edge/src/sdp/router-codecs.ts';
import { toSendParameters } from '../../media-edge/src/sdp/rtp-parameters.ts';
import type { TestBrowser } from './browser.ts';

/** The worker program that set-up has built; tests are told of it as the product is. */
export function workerBin(): string {
  const path = process.env['SYLK_WORKER_BIN'];
  if (path === undefined) throw new Error('SYLK_WORKER_BIN is not set, expected the path of the media worker (npm test sets it)');
  return path;
}

/** A media plane on ports from `firstPort` on: the first for browsers, the rest for plain RTP. */
export async function startMedia(firstPort: number, options: { silenceMs?: number; workers?: number } = {}): Promise<MediasoupSfu> {
  const workers = options.workers ?? 1;
  const relay = new ThreadedRelay({
    ports: { first: firstPort + workers, last: firstPort + 98 }, silenceMs: options.silenceMs ?? 60_000, log: silentLog, portRestMs: 1000,
  });
  return MediasoupSfu.start({ workerBin: workerBin(), workers, firstPort, relay, log: silentLog });
}

/** An empty page at an origin that may use a microphone. */
export async function emptyPage(browser: TestBrowser): Promise<{ page: Page; close(): Promise<void> }> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>media')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const page = await browser.newTab(`http://localhost:${isTcp(address) ? address.port : 0}/`);
  return {
    page,
    async close() {
      await page.close();
      server.close();
    },
  };
}

const isTcp = (address: AddressInfo | string | null): address is AddressInfo => typeof address === 'object' && address !== null;

/** One browser with its media sent back to it: the least that a browser leg does. */
export class EchoedBrowser {
  readonly router: Router;
  readonly transport: BrowserTransport;
  readonly states: string[] = [];
  readonly sources = new Map<string, Source>();
  readonly #consumed = new Map<string, Consumed>();
  readonly #id = String(Math.floor(Math.random() * 2 ** 40));
  #version = 0;
  #negotiated: Negotiated | undefined;
  #last: BrowserDescription | undefined;

  private constructor(router: Router, transport: BrowserTransport) {
    this.router = router;
    this.transport = transport;
    transport.onState((state) => this.states.push(state));
  }

  static async create(sfu: MediasoupSfu, sdp: string): Promise<EchoedBrowser> {
    const router = await sfu.createRouter(routerCodecs(readBrowserDescription(sdp).neutral));
    return new EchoedBrowser(router, await router.createBrowserTransport());
  }

  /** Answers an offer; codecs other than the browser's first by name. */
  async answer(sdp: string, prefer: readonly string[] = []): Promise<string> {
    const offer = readBrowserDescription(sdp);
    const role = roleOfOfferer(offer.dtls.setup, this.#negotiated?.browserRole);
    if (this.#last === undefined) {
      const { algorithm, value } = offer.dtls.fingerprint;
      await this.transport.connect({ role, algorithm, fingerprint: value });
    } else if (this.#last.ice.usernameFragment !== offer.ice.usernameFragment) {
      await this.transport.restartIce();
    }
    this.#last = offer;
    const accepted = [];
    for (const line of offer.lines.filter((item) => item.isUsable)) {
      const codecs = line.codecs.map(({ codec }) => codec);
      const codec = codecs.find((item) => prefer.includes(item.mimeType)) ?? codecs[0];
      if (codec === undefined) continue;
      const parameters = toSendParameters(line, codec, this.router.capabilities);
      accepted.push({ parameters, direction: 'sendrecv' as const, consumed: await this.#echo(parameters) });
    }
    this.#version += 1;
    const written = writeBrowserAnswer({
      offer, accepted, transport: this.transport, session: { id: this.#id, version: this.#version }, before: this.#negotiated,
    });
    this.#negotiated = written.negotiated;
    return written.sdp;
  }

  async #echo(parameters: SendParameters): Promise<Consumed> {
    const known = this.#consumed.get(parameters.mid);
    if (known !== undefined) return known;
    const source = await this.transport.produce(parameters);
    const consumed = await this.transport.consume(source, parameters);
    this.sources.set(parameters.kind, source);
    this.#consumed.set(parameters.mid, consumed);
    return consumed;
  }
}
