import type { Core } from 'sip.js';
import type { Via } from '../message/via.ts';
import { defaultPort, type Flow } from './flow.ts';
import type { Flows } from './flows.ts';
import { fillIn, statusOf } from './outgoing-text.ts';
import type { Retransmissions } from './retransmissions.ts';

export interface ReplyPathOptions {
  readonly flows: Flows;
  readonly retransmissions: Retransmissions;
  /** What came, and how. */
  readonly flow: Flow;
  readonly via: Via;
  readonly method: string;
  /** Names the server transaction. */
  readonly transactionId: string;
  readonly contactUser: string | undefined;
  /** True if our Contact has to be a `sips` URI (RFC 3261 s. 12.1.1). */
  readonly isSips: boolean;
  /** How often a final answer to INVITE is repeated by UDP; as often as the RFC has it when absent. */
  readonly mostRepeats?: number;
  /** Told of each response that leaves. */
  readonly onSent: (text: string) => void;
}

/** The way back of one request (RFC 3261 s. 18.2.2), as sip.js' server transaction uses it. */
export class ReplyPath implements Core.Transport {
  readonly protocol = 'UDP';
  readonly #options: ReplyPathOptions;
  /** Responses leave in the order in which they were made. */
  #last: Promise<void> = Promise.resolve();
  /** Final answers to INVITE that left. */
  #finals = 0;

  constructor(options: ReplyPathOptions) {
    this.#options = options;
  }

  send(text: string): Promise<void> {
    return this.#enqueue(() => this.#sendUntilAcknowledged(text));
  }

  /** For an answer without memory: whoever repeats the request gets it again, and nobody is flooded by it. */
  sendOnce(text: string): Promise<void> {
    return this.#enqueue(async () => {
      this.#options.onSent(text);
      await (await this.#flow()).send(Buffer.from(text));
    });
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #sendUntilAcknowledged(text: string): Promise<void> {
    const { method, transactionId, retransmissions } = this.#options;
    if (method === 'INVITE' && statusOf(text) >= 200 && !this.#mayRepeat()) return;
    const { flow, bytes } = await this.#send(text);
    if (method !== 'INVITE' || flow.peer.protocol !== 'UDP' || statusOf(text) < 300) return;
    retransmissions.repeatFinal(transactionId, () => {
      if (this.#mayRepeat()) flow.send(bytes).catch(() => undefined);
    });
  }

  /** sip.js repeats a 2xx by itself, as its dialog has to (RFC 3261 s. 13.3.1.4); it comes by here each time. */
  #mayRepeat(): boolean {
    const { mostRepeats = Number.POSITIVE_INFINITY, flow } = this.#options;
    return flow.peer.protocol !== 'UDP' || this.#finals++ <= mostRepeats;
  }

  async #send(text: string): Promise<{ flow: Flow; bytes: Buffer }> {
    const { flows, contactUser, isSips } = this.#options;
    const flow = await this.#flow();
    const { protocol } = flow.peer;
    const address = await flows.ownAddress(flow);
    const filled = fillIn(text, { protocol, address, port: flows.portOf(protocol), user: contactUser, isSips });
    const bytes = Buffer.from(filled);
    this.#options.onSent(filled);
    await flow.send(bytes);
    return { flow, bytes };
  }

  /** The connection it came by, or a new one; on UDP the source address, and its port where `rport` asks for it. */
  async #flow(): Promise<Flow> {
    const { flow, via, flows } = this.#options;
    const { protocol, address, port } = flow.peer;
    if (protocol !== 'UDP' && flow.isOpen) return flow;
    const isSymmetric = protocol === 'UDP' && Object.hasOwn(via.parameters, 'rport');
    const replyPort = isSymmetric ? port : (via.port ?? defaultPort(protocol));
    const domain = via.host.replace(/^\[|\]$/g, '');
    return flows.open({ protocol, address, port: replyPort, isTransportFixed: true, domain }, 0);
  }
}
