import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import type { Codec, MediaKind, Source } from '../../media-edge/src/call/media.ts';
import { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { silentLog } from '../../media-edge/src/ports/log.ts';
import type { BrowserTransport, Consumed, Router, SendParameters } from '../../media-edge/src/ports/sfu.ts';
import { ThreadedRelay } from '../../media-edge/src/relay/relay.ts';
import { udpLibraryBeside } from '../../media-edge/src/relay/udp-library.ts';
import { type AcceptedLine, writeBrowserAnswer } from '../../media-edge/src/sdp/browser-answer.ts';
import {
  type BrowserDescription,
  isIceRestart,
  readBrowserDescription,
  usedLine,
} from '../../media-edge/src/sdp/browser-offer.ts';
import {
  acceptBrowserAnswer,
  type OfferedLine,
  type PendingOffer,
  writeBrowserOffer,
} from '../../media-edge/src/sdp/browser-write-offer.ts';
import { roleOfOfferer } from '../../media-edge/src/sdp/local-transport.ts';
import type { Negotiated } from '../../media-edge/src/sdp/negotiated.ts';
import { routerCodecs } from '../../media-edge/src/sdp/router-codecs.ts';
import { toSendParameters } from '../../media-edge/src/sdp/rtp-parameters.ts';
import type { TestBrowser } from './browser.ts';
import { type MediaBlock, mediaBlock } from './ports.ts';

/** The worker program that set-up has built; tests are told of it as the product is. */
export function workerBin(): string {
  const path = process.env.SYLK_WORKER_BIN;
  if (path === undefined)
    throw new Error('SYLK_WORKER_BIN is not set, expected the path of the media worker (npm test sets it)');
  return path;
}

/** A media plane on ports of its own: the first for browsers, the rest for plain RTP. */
export async function startMedia({
  silenceMs = 60_000,
  workers = 1,
  ports,
}: {
  silenceMs?: number;
  workers?: number;
  ports?: MediaBlock;
} = {}): Promise<MediasoupSfu> {
  const { first: firstPort, last } = ports ?? (await mediaBlock());
  const relay = new ThreadedRelay({
    ports: { first: firstPort + workers, last },
    silenceMs,
    log: silentLog,
    portRestMs: 1000,
    udpBatch: udpLibraryBeside(workerBin()),
  });
  return MediasoupSfu.start({ workerBin: workerBin(), workers, firstPort, relay, log: silentLog });
}

/** An empty page at an origin that may use a microphone. */
export async function emptyPage(browser: TestBrowser): Promise<{ page: Page; close(): Promise<void> }> {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<p>media'),
  ).listen(0, '127.0.0.1');
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

const isTcp = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

/** A browser whose media is sent back to it. */
class Looped {
  readonly router: Router;
  readonly transport: BrowserTransport;
  readonly states: string[] = [];
  readonly session: { readonly id: string; version: number };
  negotiated: Negotiated | undefined;
  /** By mid: what it gets of what it sends. */
  readonly loops: Map<string, Consumed>;

  constructor(from: Pick<Looped, 'router' | 'transport' | 'session' | 'negotiated' | 'loops'>) {
    this.router = from.router;
    this.transport = from.transport;
    this.session = from.session;
    this.negotiated = from.negotiated;
    this.loops = from.loops;
    this.transport.onState((state) => this.states.push(state));
  }

  async reaches(state: string): Promise<void> {
    for (let tries = 0; tries < 200 && this.states.at(-1) !== state; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (this.states.at(-1) !== state) throw new Error(`the transport is ${this.states.join(', ')}, expected ${state}`);
  }

  protected async loop(parameters: SendParameters): Promise<Consumed> {
    const known = this.loops.get(parameters.mid);
    if (known !== undefined) return known;
    const source = await this.transport.produce(parameters);
    const consumed = await this.transport.consume(source, parameters);
    this.loops.set(parameters.mid, consumed);
    return consumed;
  }

  protected forget(mids: readonly string[]): void {
    for (const [mid, consumed] of this.loops) {
      if (mids.includes(mid)) continue;
      this.transport.closeProducer(consumed.producerId);
      this.loops.delete(mid);
    }
  }
}

async function newParts(sfu: MediasoupSfu, codecs: readonly Codec[]): Promise<ConstructorParameters<typeof Looped>[0]> {
  const router = await sfu.createRouter(codecs);
  return {
    router,
    transport: await router.createBrowserTransport(),
    session: { id: String(Math.floor(Math.random() * 2 ** 40)), version: 0 },
    negotiated: undefined,
    loops: new Map(),
  };
}

/** The browser offers. */
export class EchoedBrowser extends Looped {
  #last: BrowserDescription | undefined;

  static async create(sfu: MediasoupSfu, sdp: string): Promise<EchoedBrowser> {
    return new EchoedBrowser(await newParts(sfu, routerCodecs(readBrowserDescription(sdp).neutral)));
  }

  /** Answers an offer, with codecs other than the browser's first by name. */
  async answer(sdp: string, prefer: readonly string[] = []): Promise<string> {
    const offer = readBrowserDescription(sdp);
    await this.#connect(offer);
    const lines = offer.lines.filter((line) => line.isUsable);
    this.forget(lines.map((line) => line.mid));
    const accepted: AcceptedLine[] = [];
    for (const line of lines) {
      const codecs = line.codecs.map(({ codec }) => codec);
      const codec = codecs.find((item) => prefer.includes(item.mimeType)) ?? codecs[0];
      if (codec === undefined) continue;
      const parameters = toSendParameters(line, codec, this.router.capabilities);
      accepted.push({ parameters, direction: 'sendrecv', consumed: await this.loop(parameters) });
    }
    this.session.version += 1;
    const { transport, session, negotiated: before } = this;
    const written = writeBrowserAnswer({ offer, accepted, transport, session, before });
    this.negotiated = written.negotiated;
    return written.sdp;
  }

  async #connect(offer: BrowserDescription): Promise<void> {
    const before = this.#last;
    this.#last = offer;
    if (before !== undefined) return isIceRestart(before, offer) ? this.transport.restartIce() : undefined;
    const { algorithm, value } = offer.dtls.fingerprint;
    const role = roleOfOfferer(offer.dtls.setup, undefined);
    await this.transport.connect({ role, algorithm, fingerprint: value });
  }
}

/** We offer. */
export class OfferedBrowser extends Looped {
  #pending: PendingOffer | undefined;
  #isConnected = false;

  static async create(sfu: MediasoupSfu): Promise<OfferedBrowser> {
    return new OfferedBrowser(await newParts(sfu, routerCodecs({ lines: [] })));
  }

  /** Goes on where the browser has offered before. */
  static after(echoed: EchoedBrowser): OfferedBrowser {
    const offered = new OfferedBrowser(echoed);
    offered.#isConnected = true;
    return offered;
  }

  offer(kinds: readonly MediaKind[]): string {
    this.session.version += 1;
    const { transport, session, negotiated: before } = this;
    const consumed = (kind: MediaKind): Consumed | undefined =>
      [...this.loops.values()].find((item) => item.kind === kind);
    const lines = kinds.map((kind): OfferedLine => ({ kind, direction: 'sendrecv', consumed: consumed(kind) }));
    const written = writeBrowserOffer({ capabilities: this.router.capabilities, lines, transport, session, before });
    this.#pending = written.pending;
    return written.sdp;
  }

  async takeAnswer(sdp: string): Promise<void> {
    if (this.#pending === undefined) throw new Error('nothing was offered');
    const answer = readBrowserDescription(sdp);
    this.negotiated = acceptBrowserAnswer(this.#pending, answer);
    if (!this.#isConnected) {
      const { algorithm, value } = answer.dtls.fingerprint;
      await this.transport.connect({ role: this.negotiated.browserRole, algorithm, fingerprint: value });
      this.#isConnected = true;
    }
    for (const line of answer.lines.filter((item) => item.isUsable)) {
      const [first] = line.codecs;
      if (first !== undefined) await this.loop(toSendParameters(line, first.codec, this.router.capabilities));
    }
  }
}

/** The browser offers sound, and gets what others send; `codec` by name. */
export class JoinedBrowser {
  readonly router: Router;
  readonly #transport: BrowserTransport;
  readonly #offer: BrowserDescription;
  readonly #parameters: SendParameters;
  #source: Source | undefined;

  static async create(sfu: MediasoupSfu, sdp: string, codec: string): Promise<JoinedBrowser> {
    const offer = readBrowserDescription(sdp);
    const router = await sfu.createRouter(routerCodecs(offer.neutral));
    return new JoinedBrowser(router, await router.createBrowserTransport(), offer, codec);
  }

  private constructor(router: Router, transport: BrowserTransport, offer: BrowserDescription, codec: string) {
    const line = usedLine(offer, 'audio');
    const chosen = line?.codecs.find((item) => item.codec.mimeType === codec)?.codec;
    if (line === undefined || chosen === undefined) throw new Error(`the browser offers no ${codec}`);
    this.router = router;
    this.#transport = transport;
    this.#offer = offer;
    this.#parameters = toSendParameters(line, chosen, router.capabilities);
  }

  /** What the browser sends, once it has been answered. */
  get source(): Source {
    if (this.#source === undefined) throw new Error('the browser has not been answered');
    return this.#source;
  }

  async answer([source]: readonly Source[]): Promise<string> {
    const parameters = this.#parameters;
    const { algorithm, value } = this.#offer.dtls.fingerprint;
    await this.#transport.connect({ role: 'client', algorithm, fingerprint: value });
    this.#source = await this.#transport.produce(parameters);
    const consumed = source === undefined ? undefined : await this.#transport.consume(source, parameters);
    return writeBrowserAnswer({
      offer: this.#offer,
      accepted: [{ parameters, direction: 'sendrecv', consumed }],
      transport: this.#transport,
      session: { id: '1', version: 1 },
    }).sdp;
  }
}
