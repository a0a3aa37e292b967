import type { Aor, EdgeId } from '@sylk/protocol/ids.ts';
import type { SessionOwner } from './sessions.ts';

/** An account at a provider elsewhere, and the edge that looks after it. */
export interface Registration {
  readonly aor: Aor;
  readonly owner: SessionOwner;
  /** The user part of our Contact at the provider: the same at each edge, and unguessable. */
  readonly contact: string;
  /** Names the HA1s; who knows the password names the same. */
  readonly credentials: string;
  /** The HA1s, sealed. */
  readonly secret: string;
  readonly state: 'registering' | 'registered' | 'failed';
  /** Rises by one with each change; the first is 1. */
  readonly version: number;
  /** Who made this change: a repeated one finds itself. */
  readonly claimant: string;
}

/** Accounts elsewhere: one item each, found by edge as well. */
export interface Registrations {
  find(aor: Aor): Promise<Registration | undefined>;
  /**
   * Stores a change of what has the version before, or of what is not there for version 1.
   *
   * @returns true also when the same claimant's change is stored already
   */
  put(registration: Registration): Promise<boolean>;
  /** Removes what has this version, and nothing else. */
  remove(aor: Aor, version: number): Promise<void>;
  /** Those that an edge had in generations before this one, in any order. */
  ofEdgeBefore(edge: EdgeId, generation: number, limit: number): Promise<readonly Registration[]>;
}
