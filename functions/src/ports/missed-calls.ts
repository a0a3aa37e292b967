import type { Aor } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';

/** A call that nobody took. */
export interface MissedCall {
  readonly aor: Aor;
  /** 1 for the first of an account, then without gaps: the order for all its devices. */
  readonly seq: number;
  /** Id of the report that told it: a repeated report adds nothing. */
  readonly report: string;
  readonly originator: SipIdentity;
  /** ms since 1970 */
  readonly at: number;
}

/** The journal of missed calls of each account, and how far each reader has been told. */
export interface MissedCalls {
  /** @returns false when another call has taken this `seq` */
  append(call: MissedCall): Promise<boolean>;
  /** The newest calls, newest first. */
  newest(aor: Aor, limit: number): Promise<readonly MissedCall[]>;
  /** Forgets one old call. */
  drop(aor: Aor, seq: number): Promise<void>;
  /** The last `seq` that `reader` was told, undefined if it was never told anything. */
  toldUpTo(aor: Aor, reader: string, at: number): Promise<number | undefined>;
  /**
   * Moves a reader's mark from where it was read to where it goes; `undefined` is "no mark".
   *
   * @param expiresAt ms since 1970; the mark of a reader that never comes back is forgotten
   * @returns false when somebody else has moved it
   */
  moveMark(move: MarkMove, at: number): Promise<boolean>;
}

export interface MarkMove {
  readonly aor: Aor;
  readonly reader: string;
  readonly from: number | undefined;
  readonly to: number;
  readonly expiresAt: number;
}
