import type { Core } from 'sip.js';
import type { AvoidedTargets } from './avoided-targets.ts';
import type { Failovers } from './failovers.ts';
import { describe, type Flow } from './flow.ts';
import type { Flows } from './flows.ts';
import { fillIn, type OutgoingRequest, readOutgoingRequest } from './outgoing-text.ts';
import type { Destination, Target } from './resolver.ts';
import type { Retransmissions } from './retransmissions.ts';

export interface RequestPathOptions {
  /** Where requests outside a dialog go; without it they go by their first Route or their target, and on to the next server. */
  readonly target?: Target;
  readonly flows: Flows;
  readonly retransmissions: Retransmissions;
  readonly failovers: Failovers;
  readonly avoided: AvoidedTargets;
  /** Finds where requests go; @throws Unresolvable */
  readonly resolve: (destination: Destination) => Promise<readonly Target[]>;
  /** True if a peer here may name addresses of the operator's own networks. */
  readonly isTrusted: (address: string) => boolean;
  readonly contactUser: string | undefined;
  /** Told of each request that leaves. */
  readonly onSent: (text: string) => void;
  /** Told in words why a server could not be sent to. */
  readonly onUnsent: (why: string) => void;
}

/** One server that a request may go to. */
interface Way {
  readonly target?: Target;
  open(bytes: number): Promise<Flow>;
}

/** A request, and where it may still go. */
interface Sending {
  readonly request: OutgoingRequest;
  readonly text: string;
  readonly attempt: number;
  /** A connection that was in use turned out to be dead, and a new one is tried. */
  readonly isResent?: boolean;
}

/** A request that has an answer to come. */
interface Watched {
  readonly way: Way;
  readonly others: readonly Way[];
  readonly flow: Flow;
  readonly isMaybeDead: boolean;
  /** How it would be sent next; `branch` is the one that it has now on the wire. */
  readonly next: Sending & { readonly branch: string };
}

/** The way of a leg's own requests, as sip.js' client transactions use it. */
export class RequestPath implements Core.Transport {
  readonly protocol = 'UDP';
  readonly #options: RequestPathOptions;
  /** Where the dialog's peer was last heard: it is reached there when its Contact is of no use (NAT). */
  #heard: Flow | undefined;
  /** The INVITE transactions on this path: CANCEL and the ACK of a failure follow them (s. 9.1, 17.1.1.3). */
  readonly #sameWay = new Map<string, { readonly flow: Flow; readonly branch: string }>();
  #last: Promise<void> = Promise.resolve();
  #unsent: string | undefined;

  constructor(options: RequestPathOptions) {
    this.#options = options;
  }

  heardFrom(flow: Flow): void {
    this.#heard = flow;
  }

  /** Where the peer was last heard, while it can be answered there. */
  get heard(): Flow | undefined {
    return this.#heard?.isOpen ? this.#heard : undefined;
  }

  /** In words why the last request could not be sent, if it could not. */
  get unsent(): string | undefined {
    return this.#unsent;
  }

  /** The peer's address as last heard or aimed at; tells what its SDP may name. */
  get peerAddress(): string | undefined {
    return this.#heard?.peer.address ?? this.#options.target?.address;
  }

  /** The target was silent, out of reach, or had no time: other requests try others before it. */
  blameTarget(): void {
    const { target, avoided } = this.#options;
    if (target !== undefined) avoided.failed(target);
  }

  send(text: string): Promise<void> {
    const sent = this.#last.then(() => this.#send(text));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send(text: string): Promise<void> {
    const request = readOutgoingRequest(text);
    const same = this.#sameWay.get(request.branch);
    if (same !== undefined) return this.#sendBy(same.flow, same.branch, { request, text, attempt: 0 });
    return this.#sendToOne(await this.#ways(request), { request, text, attempt: 0 });
  }

  /** RFC 3263 s. 4.3: the first that can be sent to; if it stays silent, the next. */
  async #sendToOne([way, ...others]: readonly Way[], sending: Sending): Promise<void> {
    if (way === undefined) throw new Error('there is no server to send to');
    const { request, text, attempt } = sending;
    const branch = attempt === 0 ? request.branch : `${request.branch}-${attempt}`;
    const next = { ...sending, attempt: attempt + 1 };
    let isMaybeDead = false;
    let unwatch: (() => boolean) | undefined;
    try {
      const flow = await way.open(text.length);
      isMaybeDead = flow.isUsed === true && !sending.isResent;
      unwatch = this.#watch({ way, others, flow, isMaybeDead, next: { ...next, branch } });
      await this.#sendBy(flow, branch, sending);
    } catch (error) {
      if (unwatch?.() === false) return;
      if (isMaybeDead) return this.#sendToOne([way, ...others], { ...next, isResent: true });
      this.#failed(way, error);
      if (others.length === 0) throw error;
      return this.#sendToOne(others, next);
    }
  }

  #failed(way: Way, error: unknown): void {
    this.#unsent = error instanceof Error ? error.message : String(error);
    this.#options.onUnsent(this.#unsent);
    this.#blame(way);
  }

  async #sendBy(flow: Flow, branch: string, { request, text }: Sending): Promise<void> {
    const { flows, contactUser, onSent } = this.#options;
    const { protocol } = flow.peer;
    if (request.isSips && protocol !== 'TLS') throw new Error(`a sips address needs TLS, not ${describe(flow.peer)}`);
    const address = await flows.ownAddress(flow);
    const own = { protocol, address, port: flows.portOf(protocol), user: contactUser, isSips: request.isSips, branch };
    const filled = fillIn(text, own);
    const bytes = Buffer.from(filled);
    if (request.method === 'INVITE') this.#keepWay(request.branch, { flow, branch });
    onSent(filled);
    await flow.send(bytes);
    if (protocol === 'UDP') this.#repeat(request.method, branch, () => void flow.send(bytes).catch(() => undefined));
  }

  #repeat(method: string, branch: string, again: () => void): void {
    this.#options.retransmissions.repeatRequest(method, branch, again);
  }

  /** As `Failovers.watch`; nothing for a request that has no answer, or that nothing could be done for. */
  #watch({ way, others, flow, isMaybeDead, next }: Watched): (() => boolean) | undefined {
    const { failovers, retransmissions, avoided } = this.#options;
    const { request, attempt, branch: wireBranch } = next;
    const { method, branch } = request;
    if (method === 'ACK' || (others.length === 0 && attempt === 1 && !isMaybeDead)) return undefined;
    // Its failure is that of the last server: sip.js' own timer says so.
    const goOn = (ways: readonly Way[], sending: Sending) => void this.#sendToOne(ways, sending).catch(() => undefined);
    const moveOn = () => {
      retransmissions.giveUp(method, wireBranch);
      this.#blame(way);
      goOn(others, next);
    };
    return failovers.watch({
      method,
      branch,
      wireBranch,
      flow,
      moveOn: others.length === 0 ? undefined : moveOn,
      resend: isMaybeDead ? () => goOn([way, ...others], { ...next, isResent: true }) : undefined,
      worked: () => way.target && avoided.worked(way.target),
    });
  }

  #blame({ target }: Way): void {
    if (target !== undefined) this.#options.avoided.failed(target);
  }

  #keepWay(branch: string, way: { flow: Flow; branch: string }): void {
    const [oldest] = this.#sameWay.keys();
    if (this.#sameWay.size >= 4 && oldest !== undefined) this.#sameWay.delete(oldest);
    this.#sameWay.set(branch, way);
  }

  async #ways(request: OutgoingRequest): Promise<readonly Way[]> {
    const { target, flows } = this.#options;
    if (target !== undefined && !request.isInDialog) return [{ open: (bytes) => flows.open(target, bytes) }];
    try {
      const resolved = await this.#resolvedWays(request);
      return [...resolved, ...this.#heardWay(request, resolved)];
    } catch (error) {
      const heard = this.#heardWay(request, []);
      if (heard.length === 0) throw error;
      return heard;
    }
  }

  /** RFC 3261 s. 12.2.1.1: by route set and remote target. @throws Error when there is no way there */
  async #resolvedWays({ nextHop }: OutgoingRequest): Promise<Way[]> {
    const { resolve, flows } = this.#options;
    if (nextHop === undefined) throw new Error('the peer gave no sip URI that can be reached');
    const targets = (await resolve(nextHop)).filter((one) => this.#mayName(one.address));
    if (targets.length === 0) throw new Error(`a peer elsewhere may not name ${nextHop.host}`);
    return targets.map((target) => ({
      target,
      open: async (bytes) => this.#sharedConnection(target) ?? flows.open(target, bytes),
    }));
  }

  /** The last way is back to where the peer was heard; whatever is between may let nothing else through. */
  #heardWay({ isSips }: OutgoingRequest, others: readonly Way[]): Way[] {
    const { heard } = this;
    if (heard === undefined || (isSips && heard.peer.protocol !== 'TLS')) return [];
    const isKnown = others.some(
      ({ target }) => target && (this.#sharedConnection(target) ?? describe(target) === describe(heard.peer)),
    );
    return isKnown ? [] : [{ open: async () => heard }];
  }

  /** RFC 5923 s. 4: the connection that the peer made serves for our requests too; behind a NAT it is the only one. */
  #sharedConnection(target: Target): Flow | undefined {
    const { heard } = this;
    const isShared = heard !== undefined && heard.peer.protocol !== 'UDP' && heard.peer.protocol === target.protocol;
    return isShared && heard.peer.address === target.address ? heard : undefined;
  }

  /** A peer on the Internet must not point us at a machine in the operator's own networks. */
  #mayName(address: string): boolean {
    const { isTrusted } = this.#options;
    return !isTrusted(address) || this.#heard === undefined || isTrusted(this.#heard.peer.address);
  }
}
