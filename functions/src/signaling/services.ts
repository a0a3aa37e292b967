import type { ConnectionId } from '@sylk/protocol/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { EdgeLink } from '../ports/edge-link.ts';
import type { FrameSender } from '../ports/frame-sender.ts';
import type { Log } from '../ports/log.ts';
import type { Observer } from '../ports/observer.ts';
import type { Store } from '../ports/store.ts';
import type { Vault } from '../ports/vault.ts';
import type { EdgeDirectory } from './edge/directory.ts';
import type { Providers } from './elsewhere/providers.ts';
import type { OwnDomain } from './own-domain.ts';

/** What the handlers work with; the composition root puts it together. */
export interface Services {
  readonly store: Store;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly sender: FrameSender;
  readonly edgeLink: EdgeLink;
  readonly directory: EdgeDirectory;
  readonly domain: OwnDomain;
  readonly log: Log;
  readonly observer: Observer;
  /** Where secrets of accounts elsewhere are sealed. */
  readonly vault: Vault;
  readonly settings: SignalingSettings;
}

export interface SignalingSettings {
  /** The gateway's version, told to clients. */
  readonly version: string;
  /** Where the page is, and the HTTP interface, as in `https://phone.example.org`. */
  readonly webOrigin: string;
  readonly callsPerMinute: number;
  readonly addressesPerHour: number;
  /** No connection lives longer, in ms. */
  readonly maxConnectionAgeMs: number;
  /** The providers whose accounts may be used here. */
  readonly providers: Providers;
  /** Whether the host hands over the frames of a connection one after another; if not, early ones wait. */
  readonly isOrdered: boolean;
}

/** Who sent a request. */
export interface Asker {
  readonly connection: ConnectionId;
}
