/**
 * Branded strings: a session id cannot be passed where a connection id is wanted.
 * This file is the only one that asserts a plain string into a brand.
 */
type Branded<Tag extends string> = string & { readonly __brand: Tag };

/** `user@domain` without scheme; the domain in lower case (RFC 3261 s. 19.1.4 compares hosts so). */
export type Aor = Branded<'Aor'>;
/** Chosen by the caller's client, or derived from the Call-ID for the called; unique per account and device only. */
export type SessionId = Branded<'SessionId'>;
/** One WebSocket of a browser (API Gateway's connection id in AWS). */
export type ConnectionId = Branded<'ConnectionId'>;
/** One browser, stable over its connections; for a stock client the connection id itself. */
export type DeviceId = Branded<'DeviceId'>;
/** One media edge; stable over its restarts. */
export type EdgeId = Branded<'EdgeId'>;
/** One call on one edge: the SIP Call-ID where there is one. */
export type CallId = Branded<'CallId'>;
/** One side of a call. */
export type LegId = Branded<'LegId'>;

export const aor = (text: string): Aor => text as Aor;
export const sessionId = (text: string): SessionId => text as SessionId;
export const connectionId = (text: string): ConnectionId => text as ConnectionId;
export const deviceId = (text: string): DeviceId => text as DeviceId;
export const edgeId = (text: string): EdgeId => text as EdgeId;
export const callId = (text: string): CallId => text as CallId;
export const legId = (text: string): LegId => text as LegId;

/** Names one session in the whole product: its owner, the owner's device, and the id on the wire. */
export interface SessionKey {
  readonly aor: Aor;
  readonly device: DeviceId;
  readonly session: SessionId;
}
