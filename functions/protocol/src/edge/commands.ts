/**
 * `edge.v1`, from signaling to edge. JSON text frames on the socket that the edge opened.
 *
 * Every command has an `id`; an edge carries one id out once and answers it with `done` every time.
 * `ttlMs` is relative, counted from receipt: an edge does not start a command that is older.
 * The outcome for the browser is never in `done`: the edge posts it (see edge/reports.ts).
 */
import type { Aor, ConnectionId, DeviceId, SessionId, SessionKey } from '../ids.ts';
import type { SessionRequest, SessionResume } from '../sylkrtc/requests.ts';

/** The connection that speaks for a session, as signaling has checked it. */
export interface Attachment {
  readonly connection: ConnectionId;
  readonly device: DeviceId;
  readonly aor: Aor;
  /** The account as this client wrote it (an alias of our domain, other case), absent if it is `aor`: its account events name it so. */
  readonly account?: string;
  readonly displayName?: string;
  /** Rises with each resume; an edge ignores what comes from a lower one. */
  readonly epoch: number;
  /** Prefixes of SIP header names shown to this client (`incoming_header_prefixes`). */
  readonly headerPrefixes: readonly string[];
}

export type EdgeCommand =
  /** A session request of a browser, validated and authorised; the edge answers the browser. */
  | { kind: 'request'; id: string; ttlMs: number; from: Attachment; request: SessionRequest }
  /** The session's new connection; the edge acks, replays what `last_event` misses, and drops the old one. */
  | { kind: 'resume'; id: string; ttlMs: number; from: Attachment; request: SessionResume }
  /** The connection is gone: its sessions start their grace. */
  | { kind: 'connection-lost'; id: string; ttlMs: number; connection: ConnectionId }
  /** A device signed in (again) while `session` rings for its account: ring it too. */
  | { kind: 'device-ready'; id: string; ttlMs: number; session: SessionId; to: Attachment }
  /** An operator ends a call. `reason` is `<code> <phrase>`. */
  | { kind: 'end'; id: string; ttlMs: number; key: SessionKey; reason: string }
  /** Take no new calls. */
  | { kind: 'drain'; id: string; ttlMs: number }
  /** Ask: the calls of this edge; the ladder of one session; a call to echo over the edge's own SIP port. */
  | { kind: 'list-calls'; id: string; ttlMs: number }
  | { kind: 'ladder'; id: string; ttlMs: number; aor: Aor; session: SessionId }
  | { kind: 'probe'; id: string; ttlMs: number };

/** The edge's word that it has a command (or had it before). `result` only for the three that ask. */
export interface CommandDone {
  readonly kind: 'done';
  readonly id: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly result?: unknown;
}

/** Result of `list-calls`: one row a call. */
export interface CallRow {
  readonly call: string;
  readonly from: string;
  readonly to: string;
  readonly state: string;
  readonly sinceMs: number;
  readonly key?: SessionKey;
}

/** Result of `probe`. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly setUpMs?: number;
  readonly packetsBack?: number;
  readonly error?: string;
}
