import type { Aor } from '@sylk/protocol/ids.ts';
import type { Core } from 'sip.js';
import type { CallLeg } from '../call/call-leg.ts';
import { causeOf } from '../call/end-cause.ts';
import { type LocalAddresses, localAddresses } from '../network/local-address.ts';
import type { Clock } from '../ports/clock.ts';
import { type Log, silentLog } from '../ports/log.ts';
import type { DialOptions, IncomingInvite, SipEndpoint } from '../ports/sip-endpoint.ts';
import { ReachFailures } from './dial/reach-failures.ts';
import { type FindWay, lookUpProblem, wayFinder } from './dial/way-finder.ts';
import { takeUpdate } from './dialog/update-request.ts';
import type { SipEndpointOptions } from './endpoint-options.ts';
import { GatewayCore, tagInvite } from './gateway-core.ts';
import { withinMs } from './goodbyes.ts';
import { Inbound } from './inbound.ts';
import { IncomingCall } from './incoming-call.ts';
import type { LegContext } from './leg-context.ts';
import { readCallersOffer } from './media/callers-offer.ts';
import { OwnStreams } from './media/own-streams.ts';
import { refusalForOffer, wordsOf } from './media/refused-description.ts';
import type { ParsedRequest } from './message/parse-message.ts';
import { type OwnAddresses, ownAddresses } from './own-addresses.ts';
import { Pager } from './pager/pager.ts';
import { PeerHabits } from './pager/peer-habits.ts';
import { Protection } from './protection/protection.ts';
import { Phones } from './registrar/phones.ts';
import { RegisterTransactions } from './registrar/register-transactions.ts';
import { Registrations } from './registration/registrations.ts';
import { usualTimes } from './registration/when-again.ts';
import { replyPathOf } from './reply-path-of.ts';
import { noCounts, type SipCounts } from './sip-counts.ts';
import { applyTimers, defaultTimers, type SipTimers } from './sip-timers.ts';
import { SipUacLeg } from './sip-uac-leg.ts';
import { SipUasLeg } from './sip-uas-leg.ts';
import { Taps } from './taps.ts';
import { systemDns } from './transport/dns.ts';
import type { Flow } from './transport/flow.ts';
import { Flows } from './transport/flows.ts';
import { statusOf } from './transport/outgoing-text.ts';
import type { ReplyPath } from './transport/reply-path.ts';
import { RequestPaths } from './transport/request-paths.ts';
import { byTrunk } from './trunk/by-trunk.ts';

/** An INVITE that its taker has forgotten is refused after so long. */
const decisionMs = 300_000;

/** Opens our SIP port. @throws Error when it is taken, or the outbound proxy is no SIP URI */
export async function openSipEndpoint(options: SipEndpointOptions): Promise<GatewaySipEndpoint> {
  const { clock } = options;
  const near = (peer: string) => options.networks.isTrusted(peer);
  const local = localAddresses({ clock, publicAddress: options.publicAddress, isNear: near });
  // The sockets need the endpoint to receive, and the endpoint the sockets to answer.
  let receive: (bytes: Buffer, flow: Flow) => void = () => undefined;
  const counts = noCounts();
  // Without what a NAT has for us: packets with that source come from outside.
  const machine = ownAddresses({ clock, bound: options.addresses });
  const protection = new Protection(
    clock,
    (address) => near(address) || machine.has(address) || options.trunks?.isPeer(address) === true,
    options.callsPerSource,
  );
  const flows = await Flows.bind({
    ...options,
    limits: options.streamLimits,
    localAddresses: local,
    receive: (bytes, flow) => receive(bytes, flow),
    mayAsk: (address) => protection.gate.admits(address),
    onDropped: (protocol) => void counts[protocol === 'TLS' ? 'tlsDropped' : 'tcpDropped']++,
  });
  const endpoint = new GatewaySipEndpoint({ ...options, flows, local, counts, protection });
  receive = (bytes, flow) => endpoint.receive(bytes, flow);
  return endpoint;
}

interface Parts extends SipEndpointOptions {
  readonly clock: Clock;
  readonly flows: Flows;
  readonly local: LocalAddresses;
  readonly counts: SipCounts;
  readonly protection: Protection;
}

/** SIP for the whole edge: one port, one user agent core, and the legs of all its calls. */
export class GatewaySipEndpoint implements SipEndpoint {
  /** What was dropped and refused; for the metrics. */
  readonly counts: Readonly<SipCounts>;
  /** Accounts at providers elsewhere. */
  readonly registrations: Registrations;
  /** Phones of our own domain. */
  readonly phones: Phones;
  readonly messages: Pager;
  /** Whoever keeps lists of peers of their own, such as those that are registered, names them here. */
  readonly protection: Protection;
  readonly #parts: Parts;
  readonly #log: Log;
  readonly #own: OwnAddresses;
  readonly #paths: RequestPaths;
  readonly #gateway: GatewayCore;
  readonly #inbound: Inbound;
  readonly #context: LegContext;
  readonly #findWay: FindWay;
  readonly #waiting = new Set<IncomingCall>();
  #callback: ((invite: IncomingInvite) => void) | undefined;
  #isClosing = false;

  constructor(parts: Parts) {
    const timers = { ...defaultTimers, ...parts.timers };
    applyTimers(timers);
    const { clock, flows } = parts;
    this.#parts = parts;
    this.counts = parts.counts;
    this.#log = parts.log ?? silentLog;
    this.#own = ownAddresses({ clock, bound: parts.addresses, publicAddress: parts.publicAddress });
    this.protection = parts.protection;
    this.#gateway = new GatewayCore({
      log: this.#log,
      userAgent: parts.userAgent ?? 'Sylk gateway',
      onInvite: (invite) => this.#invited(invite),
    });
    const taps = new Taps(clock);
    this.#paths = new RequestPaths({
      ...parts,
      dns: parts.dns ?? systemDns(),
      isOwn: (address) => this.#own.has(address),
      timers,
      log: this.#log,
      onSent: (callId, text) => taps.sent(callId, text),
    });
    this.#findWay = wayFinder({
      ...parts,
      resolver: this.#paths.resolver,
      own: this.#own,
      port: flows.port,
      isOurs: (host) => this.#isOurs(host),
    });
    this.phones = new Phones({
      ...parts,
      log: this.#log,
      own: this.#own,
      resolver: this.#paths.resolver,
      isOurs: (host) => this.#isOurs(host),
      core: this.#gateway.core,
    });
    this.#inbound = this.#makeInbound(taps, timers);
    this.#context = this.#makeContext(taps, timers);
    const { dialogs } = this.#context;
    this.protection.alsoKnown(() => Array.from(dialogs.values(), ({ provenAddress }) => provenAddress));
    const { registrationTimes: times = usualTimes } = parts;
    const keepAlive: Flows['keepAlive'] = (...flow) => flows.keepAlive(...flow);
    this.registrations = new Registrations({ ...this.#context, times, random: Math.random, keepAlive });
    this.messages = new Pager(this.#context, this, this.#findWay);
    this.protection.alsoRegistered(() => this.registrations.peers);
    this.protection.alsoRegistered(() => this.phones.sources);
  }

  dial(options: DialOptions): CallLeg {
    const { context, to } = byTrunk(this.#parts.trunks, options, this.#context);
    return new SipUacLeg(context, { ...options, to }, this.phones.findWay(options, this.#findWay));
  }

  readonly lookUpProblem = (to: string) => lookUpProblem(this.#findWay, to);
  readonly trunksFor = (number: string) => this.#parts.trunks?.trunksFor(number) ?? [];
  readonly hasLine = (aor: Aor): boolean => this.registrations.lineOf(aor) !== undefined;

  onInvite(callback: (invite: IncomingInvite) => void): void {
    this.#callback = callback;
  }

  /** Connections that are up, by transport. */
  get connections(): { readonly tcp: number; readonly tls: number } {
    const { flows } = this.#parts;
    return { tcp: flows.connections('TCP'), tls: flows.connections('TLS') };
  }

  /** What came on a socket of ours. Never throws. */
  receive(bytes: Buffer, flow: Flow): void {
    this.#inbound.receive(bytes, flow);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    const cause = causeOf(503, 'gateway', 'the gateway is shutting down');
    for (const call of this.#waiting) call.reject(cause);
    this.registrations.close();
    const goodbyes = [...this.#context.legs].map((leg) => leg.quit(cause));
    await withinMs(goodbyes, { clock: this.#parts.clock, log: this.#log, ms: this.#context.timers.closeMs });
    this.#gateway.dispose();
    this.#paths.close();
    await this.#parts.flows.close();
  }

  #isOurs(host: string): boolean {
    const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
    return this.#parts.isOurDomain(bare) || this.#own.has(bare);
  }

  #makeInbound(taps: Taps, timers: SipTimers): Inbound {
    const { counts, flows, clock } = this.#parts;
    return new Inbound({
      gateway: this.#gateway,
      retransmissions: this.#paths.retransmissions,
      failovers: this.#paths.failovers,
      protection: this.protection,
      taps,
      counts,
      log: this.#log,
      isOurs: (host) => this.#isOurs(host),
      onAlias: (flow, port) => flows.alias(flow, port),
      phones: this.phones,
      registers: new RegisterTransactions({ clock, keptMs: 64 * timers.t1Ms }),
      replyPath: (request, flow) => this.#replyPath(request, flow, taps),
      onUpdate: (message, reply) => takeUpdate(this.#gateway, this.#context.dialogs, message, reply),
    });
  }

  #makeContext(taps: Taps, timers: SipTimers): LegContext {
    const { clock, networks, local, flows, browserPorts } = this.#parts;
    return {
      gateway: this.#gateway,
      clock,
      timers,
      log: this.#log,
      taps,
      networks,
      streams: new OwnStreams({ isOwn: (address) => this.#own.has(address), sipPort: flows.port, browserPorts }),
      policy: this.#parts.media ?? {},
      reach: new ReachFailures(clock),
      localAddresses: local,
      lineOf: (aor) => this.registrations.lineOf(aor),
      dialogs: new Map(),
      legs: new Set(),
      flowOf: (message) => this.#inbound.flowOf(message),
      bodyOf: (message) => this.#inbound.bodyOf(message),
      habits: new PeerHabits(clock),
      openPath: (options) => this.#paths.open(options),
    };
  }

  #replyPath(request: ParsedRequest, flow: Flow, taps: Taps): ReplyPath {
    const onSent = (text: string) => {
      taps.sent(request.message.callId, text);
      this.#inbound.answered(request.message, statusOf(text), text);
    };
    const { retransmissions } = this.#paths;
    return replyPathOf(request, flow, { ...this.#parts, retransmissions, onSent });
  }

  #invited(invite: Core.InviteUserAgentServer): void {
    tagInvite(invite);
    const { message } = invite;
    const callback = this.#callback;
    if (this.#isClosing || callback === undefined) {
      invite.reject({ statusCode: 503 });
      return this.#context.taps.stopWaiting(message.callId);
    }
    invite.trying();
    const flow = this.#inbound.flowOf(message);
    try {
      const { networks, streams, policy, timers } = this.#context;
      const offered = readCallersOffer(message, { peer: flow?.peer.address, networks, streams, policy, timers });
      this.#hand(invite, offered, flow, callback);
    } catch (error) {
      this.#log.info({ callId: message.callId, reason: wordsOf(error) }, 'refused a call for its offer');
      invite.reject(refusalForOffer(error));
      this.#context.taps.stopWaiting(message.callId);
    }
  }

  #hand(
    invite: Core.InviteUserAgentServer,
    offered: ReturnType<typeof readCallersOffer>,
    flow: Flow | undefined,
    callback: (invite: IncomingInvite) => void,
  ): void {
    const { message } = invite;
    const path = this.#context.openPath({ callId: message.callId, contactUser: message.ruri?.user || undefined });
    if (flow !== undefined) path.heardFrom(flow);
    const place = this.protection.strangers.begin(flow?.peer.address);
    const call = new IncomingCall({
      invite,
      account: this.registrations.calledBy(message.ruri?.user ?? ''),
      phone: this.phones.inviteOf(message),
      offered,
      codecOrder: this.#context.policy.codecs,
      path,
      ...this.#context,
      makeLeg: (taken, router, trace) => new SipUasLeg(this.#context, taken, router, trace),
      onSettled: () => {
        decision.cancel();
        this.#waiting.delete(call);
        this.#context.taps.stopWaiting(message.callId);
      },
      onConfirmed: () => place?.confirmed(),
      onGone: () => place?.over(),
    });
    const decision = this.#parts.clock.after(decisionMs, () => call.expire());
    this.#waiting.add(call);
    callback(call);
  }
}
