import { aor } from '@sylk/protocol/ids.ts';
import { systemClock } from '../../media-edge/src/main/system-clock.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import type { IncomingPage, PageOutcome, PageReply, PageToSend } from '../../media-edge/src/ports/sip-messages.ts';
import { type GatewaySipEndpoint, openSipEndpoint } from '../../media-edge/src/sip/sip-endpoint.ts';
import type { SipTimers } from '../../media-edge/src/sip/sip-timers.ts';
import { freePort } from './ports.ts';

type MessageBody = Extract<IncomingPage['body'], { kind: 'message' }>;

/** The SIP side of an edge whose messages go to the test, and come from it. */
export class PagerEdge {
  readonly endpoint: GatewaySipEndpoint;
  readonly port: number;
  /** What came in, in order. */
  readonly pages: IncomingPage[] = [];
  /** What the next ones are answered. */
  reply: PageReply = { code: 200, phrase: 'OK' };
  #waiting: (() => void)[] = [];

  private constructor(endpoint: GatewaySipEndpoint, port: number) {
    this.endpoint = endpoint;
    this.port = port;
    endpoint.messages.onMessage(async (page) => {
      this.pages.push(page);
      for (const wake of this.#waiting.splice(0)) wake();
      return this.reply;
    });
  }

  static async open(timers: Partial<SipTimers> = {}): Promise<PagerEdge> {
    const port = await freePort();
    const endpoint = await openSipEndpoint({
      addresses: ['127.0.0.1'],
      clock: systemClock,
      port,
      networks: peerNetworks(['127.0.0.0/8']),
      isOurDomain: (host) => host === 'gateway.test',
      registrationTimes: { expiresS: 600, retryMs: 200, maxRetryMs: 1_000 },
      timers: { t1Ms: 50, t2Ms: 200, t4Ms: 200, unreachedMs: 300, ...timers },
    });
    endpoint.phones.serve({
      domain: 'gateway.test',
      secret: 'of this test',
      accounts: { register: async () => ({ status: 'wrong' }), caller: async () => ({ status: 'wrong' }) },
    });
    return new PagerEdge(endpoint, port);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The first page that has come, or comes; it is taken off the list. */
  async page(timeoutMs = 5_000): Promise<IncomingPage> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const page = this.pages.shift();
      if (page !== undefined) return page;
      if (Date.now() >= until) throw new Error(`no message in ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now());
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** The same, which has to be a message. */
  async message(): Promise<MessageBody & Pick<IncomingPage, 'from' | 'to' | 'account' | 'caller'>> {
    const { body, ...page } = await this.page();
    if (body.kind !== 'message') throw new Error(`not a message but a ${body.kind}`);
    return { ...page, ...body };
  }

  send(
    to: string,
    content: string,
    change: Partial<Extract<PageToSend, { kind: 'message' }>> = {},
  ): Promise<PageOutcome> {
    return this.endpoint.messages.send({
      kind: 'message',
      from: { aor: aor('alice@gateway.test'), displayName: 'Alice' },
      to,
      id: `m${Math.random().toString(36).slice(2)}`,
      contentType: 'text/plain',
      content,
      at: Date.UTC(2026, 0, 2, 10),
      wantsDelivery: true,
      wantsDisplay: true,
      ...change,
    });
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }
}
