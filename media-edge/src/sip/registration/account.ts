import type { DigestKey } from '@sylk/protocol/digest-claim.ts';
import type { Aor } from '@sylk/protocol/ids.ts';

/** An account at a provider elsewhere. */
export interface ElsewhereAccount {
  /** `user@domain`; the domain is the provider's. */
  readonly aor: Aor;
  /** The user part of our Contact there: nobody but the provider can guess it, and it is the same at every edge. */
  readonly contact: string;
  readonly keys: readonly DigestKey[];
  /** Names `keys` without telling them; states are told with it. */
  readonly credentials: string;
  /** A SIP URI that all requests go by first. */
  readonly proxy?: string;
}
