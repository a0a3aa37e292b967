import type { DigestAlgorithm } from '@sylk/protocol/digest-claim.ts';
import type { CallDomains } from '../network/call-domains.ts';
import type { PeerNetworks } from '../network/peer-networks.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MediaPolicy } from './media/media-policy.ts';
import type { ContactLife } from './registrar/register-order.ts';
import type { RegistrationTimes } from './registration/when-again.ts';
import type { SipTimers } from './sip-timers.ts';
import type { Dns } from './transport/dns.ts';
import type { StreamLimits } from './transport/stream-connections.ts';
import type { TlsSettings } from './transport/tls.ts';
import type { Trunks } from './trunk/trunks.ts';

export interface SipEndpointOptions {
  /** Addresses to bind, at most one of each IP version: `0.0.0.0`, `::`. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** What peers beyond a NAT know us as. */
  readonly publicAddress?: string;
  /** Whom we may send to. */
  readonly networks: PeerNetworks;
  /** Whose addresses may be called; absent: everybody's. */
  readonly destinations?: CallDomains;
  /** Calls that one address may have at a time that is no phone of ours; absent: as usual. */
  readonly callsPerSource?: number;
  /** What is wanted of the media of calls. */
  readonly media?: MediaPolicy;
  /** Ports of ours for browsers' media, both ends included; no SIP peer may have media sent there. */
  readonly browserPorts?: { readonly first: number; readonly last: number };
  /** True for our domain and its aliases, in lower case; the machine's own addresses count as well. */
  readonly isOurDomain: (host: string) => boolean;
  /** All calls out go by it: a SIP URI. */
  readonly outboundProxy?: string;
  /** The value of User-Agent. */
  readonly userAgent?: string;
  readonly log?: Log;
  readonly clock: Clock;
  readonly dns?: Dns;
  /** TLS on a port of its own; absent: it is not spoken. */
  readonly tls?: TlsSettings;
  /** How patient registrations elsewhere are; absent: as usual. */
  readonly registrationTimes?: RegistrationTimes;
  readonly trunks?: Trunks;
  /** What phones are asked for, the strongest first; absent: MD5, which all of them know. */
  readonly digest?: readonly DigestAlgorithm[];
  /** How long contacts of phones live; absent: as usual. */
  readonly contactLife?: ContactLife;
  /** Bounds on connections, for tests. */
  readonly streamLimits?: Partial<StreamLimits>;
  /** For tests: they are those of the whole process. */
  readonly timers?: Partial<SipTimers>;
}
