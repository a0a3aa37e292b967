import { busyRetryAfterS } from '@sylk/protocol/limits.ts';
import { Core } from 'sip.js';
import type { Log } from '../ports/log.ts';
import type { GatewayCore } from './gateway-core.ts';
import { acceptHeader, allowHeader } from './message/allow.ts';
import { completeResponse } from './message/complete-response.ts';
import { type ParsedRequest, type ParsedResponse, parseMessage } from './message/parse-message.ts';
import { refusalOf } from './message/sanity.ts';
import { sipsRefusal } from './message/sips.ts';
import { fittedReply, type StatelessReply, statelessReply } from './message/stateless-reply.ts';
import { tagFor } from './message/tags.ts';
import { stampVia } from './message/via.ts';
import type { Protection } from './protection/protection.ts';
import { isScanner } from './protection/source-gate.ts';
import { scannerStrikes, strikesFor } from './protection/strikes.ts';
import type { Phones } from './registrar/phones.ts';
import type { RegisterTransactions } from './registrar/register-transactions.ts';
import type { SipCounts } from './sip-counts.ts';
import type { Taps } from './taps.ts';
import type { Failovers } from './transport/failovers.ts';
import { defaultPort, type Endpoint, type Flow } from './transport/flow.ts';
import type { ReplyPath } from './transport/reply-path.ts';
import type { Retransmissions } from './transport/retransmissions.ts';

export interface InboundOptions {
  readonly gateway: GatewayCore;
  readonly retransmissions: Retransmissions;
  readonly failovers: Failovers;
  readonly protection: Protection;
  readonly taps: Taps;
  readonly counts: SipCounts;
  readonly log: Log;
  /** True if a host in a Request-URI names us. */
  readonly isOurs: (host: string) => boolean;
  readonly replyPath: (request: ParsedRequest, flow: Flow) => ReplyPath;
  /** The peer wants to be reached at a port of its address by this connection. */
  readonly onAlias: (flow: Flow, port: number) => void;
  readonly phones: Phones;
  readonly registers: RegisterTransactions;
  /** UPDATE within a dialog, which sip.js does not know. */
  readonly onUpdate: (message: Core.IncomingRequestMessage, reply: ReplyPath) => boolean;
}

/** Server transactions kept at a time; each lives 32 s after its answer. */
const maxTransactions = 20_000;

/** Takes in every message from the sockets, and lets nothing out of here that is not SIP and sane. */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #arrivals = new WeakMap<Core.IncomingMessage, Flow>();
  /** Bodies that may be in any character set. */
  readonly #bodies = new WeakMap<Core.IncomingMessage, Buffer>();
  /** Characters of each request, for an answer that is no larger. */
  readonly #sizes = new WeakMap<Core.IncomingMessage, number>();

  constructor(options: InboundOptions) {
    this.#options = options;
  }

  /** How a message came; for answering to where a peer really is. */
  flowOf(message: Core.IncomingMessage): Flow | undefined {
    return this.#arrivals.get(message);
  }

  /** The body of a MESSAGE as it came. */
  bodyOf(message: Core.IncomingMessage): Buffer | undefined {
    return this.#bodies.get(message);
  }

  /** Never throws: one packet must not end the process. */
  receive(bytes: Buffer, flow: Flow): void {
    const { counts, log } = this.#options;
    try {
      if (isKeepAlive(bytes)) return;
      counts.received++;
      // What such a source answers to us may belong to a call of ours; what it asks is not even read.
      if (isResponse(bytes) || this.#isHeard(flow.peer)) this.#read(bytes, flow);
    } catch (error) {
      counts.failed++;
      log.error({ err: error, peer: flow.peer }, 'a SIP message could not be worked on');
    }
  }

  /** Reading is what a flood costs most: it is left out for who would get no answer. */
  #isHeard(peer: Endpoint): boolean {
    const { counts, protection } = this.#options;
    const isBanned = protection.bans.isBanned(peer);
    if (isBanned) counts.banned++;
    else if (protection.gate.isShut(peer.address)) this.#tooMuch(peer);
    else return true;
    return false;
  }

  /** A flood by UDP says nothing about its source, which may be forged; by a connection it does. */
  #tooMuch(peer: Endpoint): void {
    this.#options.counts.rateLimited++;
    if (peer.protocol !== 'UDP') this.#strike(peer, 1);
  }

  #read(bytes: Buffer, flow: Flow): void {
    const parsed = parseMessage(bytes);
    if (parsed.kind === 'unreadable') {
      this.#options.counts.unreadable++;
      this.#options.log.debug({ peer: flow.peer, reason: parsed.reason }, 'dropped what is no SIP message');
      return;
    }
    this.#arrivals.set(parsed.message, flow);
    if (parsed.kind === 'response') this.#takeResponse(parsed);
    else this.#takeRequest(parsed, flow);
  }

  #takeResponse({ message }: ParsedResponse): void {
    const { retransmissions, failovers, taps, gateway } = this.#options;
    retransmissions.answered(message.method, message.viaBranch, message.statusCode ?? 0);
    taps.received(message.callId, message.data);
    if (!failovers.receives(message)) return;
    message.data = '';
    completeResponse(message);
    gateway.receiveResponse(message);
  }

  #takeRequest(request: ParsedRequest, flow: Flow): void {
    const { message, via } = request;
    if (!this.#isAdmitted(message, flow)) return;
    this.#sizes.set(message, message.data.length);
    if (message.method === 'MESSAGE') this.#bodies.set(message, request.bodyBytes);
    const [top] = message.headers.Via ?? [];
    if (top !== undefined) top.raw = stampVia(top.raw, via, flow.peer);
    if (Object.hasOwn(via.parameters, 'alias'))
      this.#options.onAlias(flow, via.port ?? defaultPort(flow.peer.protocol));
    const { isOurs, phones } = this.#options;
    const refusal = refusalOf(request, isOurs, (invite) => phones.serves(invite)) ?? sipsRefusal(message, flow.peer);
    if (refusal === undefined && message.method === 'INVITE' && message.toTag === undefined)
      this.#options.taps.await(message.callId);
    this.#options.taps.received(message.callId, message.data);
    // Its transaction keeps the message for half a minute, and nobody reads its text again.
    message.data = '';
    if (refusal !== undefined) return this.#refuse(request, flow, refusal);
    const path = this.#options.replyPath(request, flow);
    // RFC 3261 s. 12.2.2; without memory, as whoever guesses at dialogs does so often.
    if (message.toTag !== undefined && !this.#isOfSomething(message)) return this.#answer(message, path, noDialog);
    if (message.method === 'INVITE' && this.#isOverloaded(message, flow)) this.#answer(message, path, overload);
    else this.#dispatch(request, path);
  }

  #isAdmitted(message: Core.IncomingRequestMessage, { peer }: Flow): boolean {
    const { counts, protection } = this.#options;
    if (isScanner(message)) {
      counts.scanner++;
      this.#strike(peer, scannerStrikes);
      return false;
    }
    if (this.#isOfSomething(message) || protection.gate.admits(peer.address)) return true;
    this.#tooMuch(peer);
    return false;
  }

  /** Part of what has been let in before, or an ACK, which is never answered. */
  #isOfSomething({ method, callId, toTag, fromTag, viaBranch }: Core.IncomingRequestMessage): boolean {
    const { gateway, registers } = this.#options;
    const { core } = gateway;
    if (method === 'ACK' || core.userAgentServers.has(viaBranch) || registers.find(viaBranch)) return true;
    return toTag !== undefined && core.dialogs.has(`${callId}${toTag}${fromTag}`);
  }

  /** To be told of each answer that leaves: what it was says something about who asked. */
  answered(message: Core.IncomingRequestMessage, code: number, text: string): void {
    const flow = this.#arrivals.get(message);
    const strikes = strikesFor(message, code, text);
    if (flow !== undefined && strikes > 0) this.#strike(flow.peer, strikes);
  }

  #strike(peer: Endpoint, weight: number): void {
    if (!this.#options.protection.bans.strike(peer, weight)) return;
    this.#options.counts.bans++;
    this.#options.log.info({ peer }, 'a source is not heard for a while, it has failed too often');
  }

  #refuse(request: ParsedRequest, flow: Flow, refusal: StatelessReply): void {
    this.#options.counts.refused++;
    // RFC 3261 s. 17.1.1.3: ACK is never answered.
    if (request.message.method !== 'ACK')
      this.#answer(request.message, this.#options.replyPath(request, flow), refusal);
  }

  #answer(message: Core.IncomingRequestMessage, path: ReplyPath, reply: StatelessReply): void {
    const text = this.#isStranger(message) ? fittedReply(message, reply, this.#sizes.get(message) ?? 0) : undefined;
    this.#send(path, text ?? statelessReply(message, reply));
  }

  #send(path: ReplyPath, text: string): void {
    path.sendOnce(text).catch((error: unknown) => {
      this.#options.log.debug({ err: error }, 'an answer could not be sent');
    });
  }

  /** Its source may be forged, and whoever has that address would get our answer. */
  #isStranger(message: Core.IncomingRequestMessage): boolean {
    const peer = this.flowOf(message)?.peer;
    return peer?.protocol === 'UDP' && !this.#options.protection.isKnown(peer.address);
  }

  #dispatch({ message }: ParsedRequest, path: ReplyPath): void {
    const { gateway, onUpdate, phones, taps } = this.#options;
    if (message.method === 'REGISTER' && message.toTag === undefined) return this.#register(message, path);
    const reply = phones.look(message, this.flowOf(message));
    if (reply !== undefined) {
      taps.stopWaiting(message.callId);
      return this.#answer(message, path, reply);
    }
    switch (message.method) {
      case 'CANCEL':
        return this.#cancel(message, path);
      case 'ACK':
        return this.#acknowledge(message, path);
      case 'OPTIONS':
        if (message.toTag === undefined) return this.#answer(message, path, capabilities);
        break;
      case 'MESSAGE':
        // A dialog that is not confirmed yet has nobody who takes it.
        if (message.toTag !== undefined && !this.#isOfDialog(message)) return this.#answer(message, path, notAnswered);
        break;
      case 'UPDATE':
        if (!onUpdate(message, path)) this.#answer(message, path, noDialog);
        return;
    }
    gateway.receiveRequest(message, path);
  }

  #register(message: Core.IncomingRequestMessage, path: ReplyPath): void {
    const { registers, phones } = this.#options;
    const known = registers.find(message.viaBranch);
    if (known?.answer !== undefined) return this.#send(path, known.answer);
    if (known !== undefined) return;
    const reply = phones.look(message, this.flowOf(message));
    if (reply !== undefined) return this.#answer(message, path, reply);
    registers.begin(message.viaBranch);
    void this.#answerLater(message, path);
  }

  async #answerLater(message: Core.IncomingRequestMessage, path: ReplyPath): Promise<void> {
    const { registers, phones } = this.#options;
    const text = statelessReply(message, await phones.register(message));
    registers.answered(message.viaBranch, text, this.flowOf(message)?.peer.protocol !== 'UDP');
    this.#send(path, text);
  }

  /** Calls that have begun go on, and so do repetitions of their INVITE. */
  #isOverloaded({ toTag, viaBranch }: Core.IncomingRequestMessage, { peer }: Flow): boolean {
    const { gateway, counts, protection } = this.#options;
    const { userAgentServers } = gateway.core;
    if (toTag !== undefined || userAgentServers.has(viaBranch)) return false;
    if (userAgentServers.size < maxTransactions && !protection.isFull(peer.address)) return false;
    counts.overloaded++;
    return true;
  }

  /** RFC 3261 s. 9.2, with the tag of the transaction that it cancels, which sip.js does not give. */
  #cancel(message: Core.IncomingRequestMessage, path: ReplyPath): void {
    const invite = this.#options.gateway.core.userAgentServers.get(message.viaBranch);
    if (!(invite instanceof Core.InviteUserAgentServer)) return this.#answer(message, path, noDialog);
    this.#answer(message, path, { code: 200, phrase: 'OK' });
    if (invite.transaction.state === Core.TransactionState.Proceeding) invite.receiveCancel(message);
  }

  #acknowledge(message: Core.IncomingRequestMessage, path: ReplyPath): void {
    const { gateway, retransmissions } = this.#options;
    retransmissions.acknowledged(message.viaBranch);
    // A client of RFC 2543 acknowledges a 2xx in the INVITE's own transaction; for sip.js it belongs to the dialog.
    if (message.viaBranch.startsWith('rfc2543|') && this.#isOfDialog(message))
      message.viaBranch += `|${tagFor(message)}`;
    gateway.receiveRequest(message, path);
  }

  #isOfDialog({ callId, toTag, fromTag }: Core.IncomingRequestMessage): boolean {
    return this.#options.gateway.core.dialogs.get(`${callId}${toTag}${fromTag}`)?.early === false;
  }
}

/** RFC 5626 s. 3.5: line ends, or on some phones zeros, to keep a NAT open. */
const isKeepAlive = (bytes: Buffer): boolean =>
  bytes.length <= 8 && bytes.every((byte) => byte === 13 || byte === 10 || byte === 0);

const isResponse = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 4).toUpperCase() === 'SIP/';

const capabilities: StatelessReply = { code: 200, phrase: 'OK', headers: [allowHeader, acceptHeader] };
const noDialog: StatelessReply = { code: 481, phrase: 'Call/Transaction Does Not Exist' };
const notAnswered: StatelessReply = { code: 480, phrase: 'The call is not answered yet' };
const overload: StatelessReply = {
  code: 503,
  phrase: 'Service Unavailable',
  headers: [`Retry-After: ${busyRetryAfterS}`],
};
