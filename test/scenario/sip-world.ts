import { aor, callId } from '@sylk/protocol/ids.ts';
import type { Accepted, CallLeg, LegEvent } from '../../media-edge/src/call/call-leg.ts';
import type { Codec, Offer } from '../../media-edge/src/call/media.ts';
import { systemClock } from '../../media-edge/src/main/system-clock.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import type { IncomingInvite, TraceEntry } from '../../media-edge/src/ports/sip-endpoint.ts';
import type { SipEndpointOptions } from '../../media-edge/src/sip/endpoint-options.ts';
import { type GatewaySipEndpoint, openSipEndpoint } from '../../media-edge/src/sip/sip-endpoint.ts';
import { type FakePlainTransport, type FakeRouter, FakeSfu } from '../fakes/fake-sfu.ts';
import { FakeSipPeer, type FakeSipPeerOptions } from '../fakes/fake-sip-peer.ts';
import { freePort } from '../peers/ports.ts';

export const pcmu: Codec = { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} };
export const pcma: Codec = { mimeType: 'audio/PCMA', clockRate: 8000, payloadType: 8, parameters: {} };
export const opus: Codec = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 111, parameters: {} };
export const events: Codec = { mimeType: 'audio/telephone-event', clockRate: 8000, payloadType: 126, parameters: {} };

/** What a browser offers: audio and video. */
export const browserOffer: Offer = {
  lines: [
    { kind: 'audio', direction: 'sendrecv', codecs: [opus, pcmu, pcma, events] },
    {
      kind: 'video',
      direction: 'sendrecv',
      codecs: [{ mimeType: 'video/VP8', clockRate: 90_000, payloadType: 96, parameters: {} }],
    },
  ],
};

/** What a browser answers to a phone. */
export const browserAnswer = (codec: Codec = pcmu): Accepted => ({
  answer: { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [codec, events] }] },
  sources: [browserSource(codec)],
});

export const browserSource = (codec: Codec = pcmu) => ({
  kind: 'audio' as const,
  producerId: 'browser-producer',
  codec,
});

/** A leg with all that it told, and a way to wait for it. */
export class WatchedLeg {
  readonly leg: CallLeg;
  readonly events: LegEvent[] = [];
  readonly trace: TraceEntry[];
  #waiting: (() => void)[] = [];

  constructor(leg: CallLeg, trace: TraceEntry[]) {
    this.leg = leg;
    this.trace = trace;
    leg.listen((event) => {
      this.events.push(event);
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  /** The first event of this kind, come or to come. */
  async tells<Kind extends LegEvent['kind']>(
    kind: Kind,
    timeoutMs = 3_000,
  ): Promise<Extract<LegEvent, { kind: Kind }>> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = this.events.find((event): event is Extract<LegEvent, { kind: Kind }> => event.kind === kind);
      if (found !== undefined) return found;
      if (Date.now() >= until) throw new Error(`no '${kind}' in ${timeoutMs} ms; told: ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now());
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** What went over the wire, repetitions left out: a slow machine has more of them. */
  get labels(): string[] {
    const all = this.trace.map(({ from, label }) => `${from === 'gateway' ? '>' : '<'} ${label}`);
    return all.filter((label, index) => label !== all[index - 1]);
  }
}

/** Its port is a free one by default. */
export type SipWorldOptions = Partial<SipEndpointOptions>;

/** A gateway's SIP side on loopback with a media plane without media; all that it opened is closed at the end. */
export class SipWorld {
  readonly endpoint: GatewaySipEndpoint;
  readonly sfu = new FakeSfu();
  readonly gateway: { readonly address: string; readonly port: number };
  readonly invites: IncomingInvite[] = [];
  readonly #peers: FakeSipPeer[] = [];
  #waiting: ((invite: IncomingInvite) => void)[] = [];
  #calls = 0;

  private constructor(endpoint: GatewaySipEndpoint, port: number) {
    this.endpoint = endpoint;
    this.gateway = { address: '127.0.0.1', port };
    endpoint.onInvite((invite) => {
      this.invites.push(invite);
      this.#waiting.shift()?.(invite);
    });
  }

  static async open(options: SipWorldOptions = {}): Promise<SipWorld> {
    const port = options.port ?? (await freePort());
    const endpoint = await openSipEndpoint({
      addresses: ['127.0.0.1'],
      clock: systemClock,
      networks: peerNetworks(['127.0.0.0/8']),
      isOurDomain: (host) => host === 'gateway.test',
      timers: { t1Ms: 50, t2Ms: 400, t4Ms: 500, noAnswerMs: 60_000, tryNextMs: 300, unreachedMs: 700, closeMs: 300 },
      ...options,
      port,
    });
    return new SipWorld(endpoint, port);
  }

  async peer(options: FakeSipPeerOptions = {}): Promise<FakeSipPeer> {
    const peer = await FakeSipPeer.listen(options);
    this.#peers.push(peer);
    return peer;
  }

  async dial(
    to: string,
    options: { headers?: readonly { name: string; value: string }[]; displayName?: string } = {},
  ): Promise<WatchedLeg> {
    const router = await this.sfu.createRouter([opus, pcmu, pcma, events]);
    const trace: TraceEntry[] = [];
    const leg = this.endpoint.dial({
      callId: callId(`call-${++this.#calls}-${process.pid}`),
      from: { aor: aor('alice@gateway.test'), displayName: options.displayName ?? 'Alice' },
      to,
      headers: options.headers ?? [],
      headerPrefixes: ['X-'],
      router,
      trace: (entry) => trace.push(entry),
    });
    return new WatchedLeg(leg, trace);
  }

  /** Dials and sends the INVITE. */
  async call(to: string, options: Parameters<SipWorld['dial']>[1] = {}): Promise<WatchedLeg> {
    const watched = await this.dial(to, options);
    await watched.leg.start(browserOffer);
    return watched;
  }

  /** The next INVITE that the endpoint hands up. */
  invited(timeoutMs = 3_000): Promise<IncomingInvite> {
    const [first] = this.invites.splice(0, 1);
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no INVITE in ${timeoutMs} ms`)), timeoutMs);
      this.#waiting.push((invite) => {
        clearTimeout(timer);
        this.invites.splice(0, 1);
        resolve(invite);
      });
    });
  }

  async takes(invite: IncomingInvite): Promise<WatchedLeg> {
    const trace: TraceEntry[] = [];
    const router = await this.sfu.createRouter([pcmu, pcma, events]);
    return new WatchedLeg(
      invite.leg(router, (entry) => trace.push(entry)),
      trace,
    );
  }

  get router(): FakeRouter {
    const router = this.sfu.routers.at(-1);
    if (router === undefined) throw new Error('no router yet');
    return router;
  }

  /** The newest RTP transport of sound. */
  get rtp(): FakePlainTransport {
    const transport = this.router.plainTransports.findLast(({ options }) => options.media !== 'video');
    if (transport === undefined) throw new Error('no plain transport yet');
    return transport;
  }

  async close(): Promise<void> {
    await this.endpoint.close();
    await Promise.all(this.#peers.map((peer) => peer.close()));
  }
}
