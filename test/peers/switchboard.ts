import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { aor, callId } from '@sylk/protocol/ids.ts';
import { Call } from '../../media-edge/src/call/call.ts';
import type { EndCause } from '../../media-edge/src/call/end-cause.ts';
import { systemClock } from '../../media-edge/src/main/system-clock.ts';
import type { MediasoupSfu } from '../../media-edge/src/mediasoup/mediasoup-sfu.ts';
import { ownPrivateNetworks, peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import { silentLog } from '../../media-edge/src/ports/log.ts';
import type { PlainTransport, Router } from '../../media-edge/src/ports/sfu.ts';
import type { IncomingInvite, TraceEntry } from '../../media-edge/src/ports/sip-endpoint.ts';
import { routerCodecs } from '../../media-edge/src/sdp/router-codecs.ts';
import type { MediaPolicy } from '../../media-edge/src/sip/media/media-policy.ts';
import { type GatewaySipEndpoint, openSipEndpoint } from '../../media-edge/src/sip/sip-endpoint.ts';
import type { SipTimers } from '../../media-edge/src/sip/sip-timers.ts';
import { startMedia } from './media-rig.ts';
import { freePort } from './ports.ts';

/** What becomes of a call to one of our users: dialled on to a phone, or refused. */
export type Line = string | EndCause;

/**
 * SIP and media of the gateway without browsers: each user is a phone elsewhere, and a call to it
 * is joined with a call to that phone.
 */
export class Switchboard {
  readonly endpoint: GatewaySipEndpoint;
  readonly port: number;
  /** By user. */
  readonly lines = new Map<string, Line>();
  /** Why each call that ended did so, in order. */
  readonly ended: EndCause[] = [];
  readonly ladder: TraceEntry[] = [];
  /** The transports of all calls, in the order in which they were made. */
  readonly transports: PlainTransport[] = [];
  readonly #sfu: MediasoupSfu;

  private constructor(endpoint: GatewaySipEndpoint, port: number, sfu: MediasoupSfu) {
    this.endpoint = endpoint;
    this.port = port;
    this.#sfu = sfu;
    endpoint.onInvite((invite) => void this.#connect(invite));
  }

  static async open(timers: Partial<SipTimers> = {}, media: MediaPolicy = {}): Promise<Switchboard> {
    const sfu = await startMedia();
    const port = await freePort();
    const endpoint = await openSipEndpoint({
      addresses: ['127.0.0.1'],
      clock: systemClock,
      port,
      // baresip signals from loopback, and names the machine's other address in its SDP.
      networks: peerNetworks([
        '127.0.0.0/8',
        ...ownPrivateNetworks(Object.values(networkInterfaces()).flatMap((all) => all ?? [])),
      ]),
      isOurDomain: (host) => host === 'gateway.test',
      timers,
      media,
    });
    return new Switchboard(endpoint, port, sfu);
  }

  /** The address of a user, as a phone dials it. */
  address(user: string): string {
    return `${user}@127.0.0.1:${this.port}`;
  }

  /** Waits for a message with this text on the ladder, sent by `from`. */
  async saw(text: string, from: TraceEntry['from'], timeoutMs = 5_000): Promise<TraceEntry> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = this.ladder.find((entry) => entry.from === from && entry.detail?.includes(text));
      if (found !== undefined) return found;
      if (Date.now() > until)
        throw new Error(`no '${text}' from ${from}; ladder: ${this.ladder.map(({ label }) => label).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    await this.endpoint.close();
    this.#sfu.close();
  }

  #watched(router: Router): Router {
    const create = router.createPlainTransport.bind(router);
    router.createPlainTransport = async (options) => {
      const transport = await create(options);
      this.transports.push(transport);
      return transport;
    };
    const createIce = router.createIcePeer.bind(router);
    router.createIcePeer = async (codecs) => {
      const transport = await createIce(codecs);
      this.transports.push(transport);
      return transport;
    };
    return router;
  }

  async #connect(invite: IncomingInvite): Promise<void> {
    const line = this.lines.get(invite.to.split('@')[0] ?? '');
    if (line === undefined || typeof line !== 'string') {
      invite.reject(line ?? { code: 404, phrase: 'Not Found', by: 'gateway' });
      return;
    }
    const router = this.#watched(await this.#sfu.createRouter(routerCodecs({ lines: [] })));
    const trace = (entry: TraceEntry) => void this.ladder.push(entry);
    const call = new Call({
      id: invite.callId,
      a: invite.leg(router, trace),
      offer: invite.offer,
      clock: systemClock,
      log: silentLog,
      onWon: () => undefined,
      onTransfer: () => undefined,
      onLeft: () => undefined,
      onOver: (cause) => {
        this.ended.push(cause);
        router.close();
      },
    });
    const to = { callId: callId(randomUUID()), to: line, headers: [], headerPrefixes: [], router, trace };
    call.dial([this.endpoint.dial({ ...to, from: { aor: aor(invite.from.uri) } })], 30_000);
  }
}
