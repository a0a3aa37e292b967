/**
 * `edge.v1`, from edge to signaling. Every report has an `id` and gets exactly one `answer` with it;
 * a report that got none may be repeated with the same id and changes nothing the second time.
 */
import type { Aor, ConnectionId, EdgeId, SessionId, SessionKey } from '../ids.ts';
import type { SipIdentity } from '../sylkrtc/parts.ts';
import type { Attachment, CommandDone, EdgeCommand } from './commands.ts';

/** What an edge carries; the placement of new calls reads it. */
export interface EdgeLoad {
  readonly calls: number;
  /** 0..1 of one core, the busiest media worker. */
  readonly cpu: number;
  readonly draining: boolean;
}

export type EdgeReport =
  /** First on each socket. A new `generation` (ms of the process' start) ends the sessions of older ones. */
  | { kind: 'hello'; id: string; edge: EdgeId; generation: number; version: string; load: EdgeLoad }
  /** Renews the lease. */
  | { kind: 'renew'; id: string; edge: EdgeId; generation: number; load: EdgeLoad }
  /** One sylkRTC frame for one connection; the next one of that connection waits for the answer. */
  | { kind: 'post'; id: string; connection: ConnectionId; frame: string }
  /** A call for an account of ours: who is there? Binds `session` to each device named in the answer. */
  | { kind: 'ring'; id: string; edge: EdgeId; generation: number; aor: Aor; session: SessionId; originator: SipIdentity }
  /** This device answered: it alone owns the session now. `resume` is the client's secret, hashed before it is stored. */
  | { kind: 'bind'; id: string; key: SessionKey; connection: ConnectionId; resume?: string }
  /** These sessions are over. */
  | { kind: 'ended'; id: string; keys: readonly SessionKey[] }
  /** Nobody took this call; told to all devices, kept for those away. `at` in ms since 1970. */
  | { kind: 'missed'; id: string; aor: Aor; originator: SipIdentity; at: number };

/** Who rings: `unknown` never existed or is removed (404), `expired` was temporary (410), `away` has no device (480). */
export type RingAnswer =
  | { status: 'ringing'; devices: readonly Attachment[] }
  | { status: 'unknown' | 'expired' | 'away' | 'blocked' };

/** What the answer to a report carries. */
export interface ReportResults {
  hello: { leaseMs: number; domain: string; aliases: readonly string[] };
  /** `lost`: this generation was declared lost; the edge ends its sessions and starts anew. */
  renew: { lost: boolean };
  post: { gone: boolean };
  ring: RingAnswer;
  bind: Record<string, never>;
  ended: Record<string, never>;
  missed: Record<string, never>;
}

export type ReportAnswer =
  | { kind: 'answer'; id: string; ok: true; result: ReportResults[EdgeReport['kind']] }
  | { kind: 'answer'; id: string; ok: false; error: string };

/** All that may come from an edge, and all that may go to it, on a link. */
export type FromEdge = EdgeReport | CommandDone;
export type ToEdge = EdgeCommand | ReportAnswer;
