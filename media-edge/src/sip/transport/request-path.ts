import type { Core } from 'sip.js';
import type { Flow } from './flow.ts';
import type { Flows } from './flows.ts';
import { fillIn, type OutgoingRequest, readOutgoingRequest } from './outgoing-text.ts';
import type { Destination, Target } from './resolver.ts';
import type { Retransmissions } from './retransmissions.ts';

export interface RequestPathOptions {
  /** Where a first INVITE goes; without it the path is that of a call that came in. */
  readonly target?: Target;
  readonly flows: Flows;
  readonly retransmissions: Retransmissions;
  /** Finds where requests within the dialog go; @throws Unresolvable */
  readonly resolve: (destination: Destination) => Promise<readonly Target[]>;
  /** True if a peer here may name addresses of the operator's own networks. */
  readonly isTrusted: (address: string) => boolean;
  readonly contactUser: string | undefined;
  /** Told of each request that leaves. */
  readonly onSent: (text: string) => void;
}

/** The way of a leg's own requests, as sip.js' client transactions use it. */
export class RequestPath implements Core.Transport {
  readonly protocol = 'UDP';
  readonly #options: RequestPathOptions;
  /** Where the dialog's peer was last heard: it is reached there when its Contact is of no use (NAT). */
  #heard: Flow | undefined;
  /** The INVITE transactions on this path: CANCEL and the ACK of a failure follow them (s. 9.1, 17.1.1.3). */
  readonly #sameWay = new Map<string, Flow>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: RequestPathOptions) {
    this.#options = options;
  }

  heardFrom(flow: Flow): void {
    this.#heard = flow;
  }

  /** The peer's address as last heard or aimed at; tells what its SDP may name. */
  get peerAddress(): string | undefined {
    return this.#heard?.peer.address ?? this.#options.target?.address;
  }

  send(text: string): Promise<void> {
    const sent = this.#last.then(() => this.#send(text));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send(text: string): Promise<void> {
    const request = readOutgoingRequest(text);
    const flow = this.#sameWay.get(request.branch) ?? (await this.#flow(request, text.length));
    const { flows, contactUser, onSent } = this.#options;
    const { protocol } = flow.peer;
    const address = await flows.ownAddress(flow);
    const filled = fillIn(text, { protocol, address, port: flows.port, user: contactUser });
    const bytes = Buffer.from(filled);
    if (request.method === 'INVITE') this.#keepWay(request.branch, flow);
    onSent(filled);
    await flow.send(bytes);
    if (protocol === 'UDP') this.#repeat(request, flow, bytes);
  }

  #repeat({ method, branch }: OutgoingRequest, flow: Flow, bytes: Buffer): void {
    this.#options.retransmissions.repeatRequest(method, branch, () => void flow.send(bytes).catch(() => undefined));
  }

  #keepWay(branch: string, flow: Flow): void {
    const [oldest] = this.#sameWay.keys();
    if (this.#sameWay.size >= 4 && oldest !== undefined) this.#sameWay.delete(oldest);
    this.#sameWay.set(branch, flow);
  }

  async #flow(request: OutgoingRequest, bytes: number): Promise<Flow> {
    const { target, flows } = this.#options;
    const isFirst = request.method === 'INVITE' && this.#sameWay.size === 0;
    return target !== undefined && isFirst ? flows.open(target, bytes) : this.#dialogFlow(request, bytes);
  }

  /** RFC 3261 s. 12.2.1.1: by route set and remote target; else where the peer was heard. */
  async #dialogFlow({ nextHop }: OutgoingRequest, bytes: number): Promise<Flow> {
    try {
      if (nextHop === undefined) throw new Error('the peer gave no sip URI that can be reached');
      const targets = await this.#options.resolve(nextHop);
      const [target] = targets.filter((one) => this.#mayName(one.address));
      if (target === undefined) throw new Error(`a peer elsewhere may not name ${nextHop.host}`);
      return this.#sharedConnection(target) ?? (await this.#options.flows.open(target, bytes));
    } catch (error) {
      if (this.#heard === undefined || !this.#heard.isOpen) throw error;
      return this.#heard;
    }
  }

  /** RFC 5923 s. 4: the connection that the peer made serves for our requests too; behind a NAT it is the only one. */
  #sharedConnection(target: Target): Flow | undefined {
    const heard = this.#heard;
    const isShared = heard?.peer.protocol === 'TCP' && heard.isOpen && target.protocol === 'TCP';
    return isShared && heard.peer.address === target.address ? heard : undefined;
  }

  /** A peer on the Internet must not point us at a machine in the operator's own networks. */
  #mayName(address: string): boolean {
    const { isTrusted } = this.#options;
    return !isTrusted(address) || this.#heard === undefined || isTrusted(this.#heard.peer.address);
  }
}
