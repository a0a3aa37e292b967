import type { Aor } from '@sylk/protocol/ids.ts';
import type { Core } from 'sip.js';
import type { EndCause } from '../call/end-cause.ts';
import type { LocalAddresses } from '../network/local-address.ts';
import type { PeerNetworks } from '../network/peer-networks.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ReachFailures } from './dial/reach-failures.ts';
import type { SipDialog } from './dialog/sip-dialog.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { MediaPolicy } from './media/media-policy.ts';
import type { OwnStreams } from './media/own-streams.ts';
import type { PeerHabits } from './pager/peer-habits.ts';
import type { ProviderLine } from './registration/registrations.ts';
import type { SipTimers } from './sip-timers.ts';
import type { Taps } from './taps.ts';
import type { Flow } from './transport/flow.ts';
import type { RequestPath } from './transport/request-path.ts';
import type { PathOptions } from './transport/request-paths.ts';

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
  /** How calls of an account elsewhere leave; `undefined` for all others. */
  lineOf(aor: Aor): ProviderLine | undefined;
  /** How a message came. */
  flowOf(message: Core.IncomingMessage): Flow | undefined;
  /** The body of a MESSAGE as it came. */
  bodyOf(message: Core.IncomingMessage): Buffer | undefined;
  /** Who reads CPIM. */
  readonly habits: PeerHabits;
  /** A path for the requests of one leg; without `target` for a call that came in. */
  openPath(options: PathOptions): RequestPath;
  /** Dialogs by their id, for what sip.js does not know. */
  readonly dialogs: Map<string, SipDialog>;
  /** Legs that are not over; closing the endpoint ends them. */
  readonly legs: Set<{ quit(cause: EndCause): Promise<void> }>;
}
