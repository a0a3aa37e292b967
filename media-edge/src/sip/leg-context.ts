import type { Core } from 'sip.js';
import type { EndCause } from '../call/end-cause.ts';
import type { LocalAddresses } from '../network/local-address.ts';
import type { PeerNetworks } from '../network/peer-networks.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { MediaPolicy } from './media-policy.ts';
import type { OwnStreams } from './own-streams.ts';
import type { ReachFailures } from './reach-failures.ts';
import type { SipDialog } from './sip-dialog.ts';
import type { SipTimers } from './sip-timers.ts';
import type { Taps } from './taps.ts';
import type { Flow } from './transport/flow.ts';
import type { RequestPath } from './transport/request-path.ts';
import type { Target } from './transport/resolver.ts';

/** What every leg of an endpoint shares. */
export interface LegContext {
  readonly gateway: GatewayCore;
  readonly clock: Clock;
  readonly timers: SipTimers;
  readonly log: Log;
  readonly taps: Taps;
  readonly networks: PeerNetworks;
  readonly streams: OwnStreams;
  readonly policy: MediaPolicy;
  readonly reach: ReachFailures;
  readonly localAddresses: LocalAddresses;
  /** How a message came. */
  flowOf(message: Core.IncomingMessage): Flow | undefined;
  /** A path for the requests of one leg; without `target` for a call that came in. */
  openPath(options: { callId: string; contactUser: string | undefined; target?: Target }): RequestPath;
  /** Dialogs by their id, for what sip.js does not know. */
  readonly dialogs: Map<string, SipDialog>;
  /** Legs that are not over; closing the endpoint ends them. */
  readonly legs: Set<{ quit(cause: EndCause): Promise<void> }>;
}
