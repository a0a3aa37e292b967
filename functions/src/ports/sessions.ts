import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { Aor, ConnectionId, EdgeId, SessionId, SessionKey } from '@sylk/protocol/ids.ts';

/** The process that owns a session: an edge in one of its lives. */
export interface SessionOwner {
  readonly edge: EdgeId;
  readonly generation: number;
}

/** A session (one call of one device) and where it is. Times in ms since 1970. */
export interface SessionRecord {
  readonly key: SessionKey;
  readonly owner: SessionOwner;
  /** `ringing`: offered to this device, not answered by it. */
  readonly state: 'ringing' | 'held';
  /** The connection that speaks for it now. */
  readonly attachment: Attachment;
  /** SHA-256 of the secret that lets another connection take over; absent for clients that gave none. */
  readonly secretHash?: string;
  /** Who made the record: a repeated request finds its own claim. */
  readonly claimant: string;
  readonly expiresAt: number;
}

export type Claim =
  | { readonly status: 'own'; readonly record: SessionRecord }
  | { readonly status: 'taken'; readonly record: SessionRecord }
  /** The same claimant's session has ended meanwhile, or the id is barred: this request comes too late. */
  | { readonly status: 'over' };

/** How a session ends, beside that it does. */
export interface SessionEnding {
  /** Only if it is this process' own: an id may have been claimed again meanwhile. */
  readonly owner?: SessionOwner;
  /** Its edge is lost, so nobody but signaling can tell its client. */
  readonly isLost?: boolean;
}

/** What was ended, and whether this call did it: of all callers exactly one is told so. */
export interface SessionEnd {
  readonly record: SessionRecord;
  readonly isFirst: boolean;
}

/**
 * Who owns which session, and who may speak for it: one item a session and device, found by owner and by account as
 * well. A device has an id once, whatever its account: its client could not tell two sessions of one id apart.
 */
export interface Sessions {
  /**
   * Puts the record unless a live one is there, or the same claimant's that has ended, or the id is barred.
   *
   * @returns `own` with what is stored, also for a claimant's second try
   */
  claim(record: SessionRecord, at: number): Promise<Claim>;
  find(key: SessionKey, at: number): Promise<SessionRecord | undefined>;
  /** The session of this id for which a connection speaks. */
  spokenForBy(connection: ConnectionId, session: SessionId, at: number): Promise<SessionRecord | undefined>;
  /**
   * Keeps a session from being claimed, for a request that came after the one that ends it.
   *
   * @returns false when there is one
   */
  bar(key: SessionKey, until: number, at: number): Promise<boolean>;
  /**
   * Lets another connection speak for a session; `attachment.epoch` must be one above the stored one.
   *
   * @returns true also when the same attachment was stored by an earlier try
   */
  attach(key: SessionKey, attachment: Attachment): Promise<boolean>;
  /** The device has answered: it holds the session. @returns false if there is no such session */
  hold(key: SessionKey, secretHash: string | undefined, expiresAt: number): Promise<boolean>;
  /**
   * Ends a session. It is absent for every reader from then on; only `claim` remembers it until `rememberUntil`.
   *
   * @returns undefined when nothing is remembered of it, or it is another owner's
   */
  end(key: SessionKey, rememberUntil: number, ending?: SessionEnding): Promise<SessionEnd | undefined>;
  /** The records of one call that ended with their edge, as long as they are remembered. */
  lostOf(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]>;
  /** The records of one call at all devices of an account. */
  ofCall(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]>;
  /** What rings for an account now; may lag behind writes. */
  ringing(aor: Aor, at: number): Promise<readonly SessionRecord[]>;
  /** The sessions of these accounts for which a connection speaks; may lag behind writes. */
  ofConnection(connection: ConnectionId, aors: readonly Aor[], at: number): Promise<readonly SessionRecord[]>;
  /** A page of the sessions that an edge owns in generations before `generation`; may lag behind writes. */
  ofEdgeBefore(edge: EdgeId, generation: number, limit: number): Promise<readonly SessionRecord[]>;
}
