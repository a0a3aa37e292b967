import type { PeerNetworks } from '../../network/peer-networks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SipTimers } from '../sip-timers.ts';
import { AvoidedTargets } from './avoided-targets.ts';
import type { Dns } from './dns.ts';
import { Failovers } from './failovers.ts';
import type { Flows } from './flows.ts';
import { RequestPath } from './request-path.ts';
import { type ResolverOptions, resolveTargets, type Target } from './resolver.ts';
import { Retransmissions } from './retransmissions.ts';

export interface RequestPathsOptions {
  readonly flows: Flows;
  readonly dns: Dns;
  readonly networks: PeerNetworks;
  /** True for addresses of this machine. */
  readonly isOwn: (address: string) => boolean;
  readonly clock: Clock;
  readonly timers: SipTimers;
  readonly log: Log;
  /** Told of each request that leaves. */
  readonly onSent: (callId: string, text: string) => void;
}

/** What the requests of all legs share: where servers are and which of them failed lately, and what is repeated. */
export class RequestPaths {
  readonly resolver: ResolverOptions;
  readonly retransmissions: Retransmissions;
  readonly failovers: Failovers;
  readonly #avoided: AvoidedTargets;
  readonly #options: RequestPathsOptions;

  constructor(options: RequestPathsOptions) {
    const { flows, clock, timers, dns, networks, isOwn } = options;
    this.#options = options;
    this.retransmissions = new Retransmissions(clock, timers);
    this.failovers = new Failovers(clock, timers);
    this.#avoided = new AvoidedTargets(clock);
    this.resolver = {
      dns,
      networks,
      isOwn: ({ protocol, address, port }) => port === flows.portOf(protocol) && isOwn(address),
      random: Math.random,
      hasTls: flows.hasTls,
      reaches: (address) => flows.reaches(address),
      order: (targets) => this.#avoided.order(targets),
    };
  }

  /** A path for the requests of one leg; without `target` for a call that came in. */
  open({ callId, contactUser, target }: PathOptions): RequestPath {
    const { flows, networks, log, onSent } = this.#options;
    return new RequestPath({
      target,
      flows,
      retransmissions: this.retransmissions,
      failovers: this.failovers,
      avoided: this.#avoided,
      resolve: (destination) => resolveTargets(destination, this.resolver),
      isTrusted: (address) => networks.isTrusted(address),
      contactUser,
      onSent: (text) => onSent(callId, text),
      onUnsent: (reason) => log.info({ callId, reason }, 'a server could not be sent to'),
    });
  }

  close(): void {
    this.retransmissions.close();
    this.failovers.close();
  }
}

export interface PathOptions {
  readonly callId: string;
  readonly contactUser: string | undefined;
  readonly target?: Target;
}
