/** What came in on the SIP port and what was done with it, since the start. */
export interface SipCounts {
  received: number;
  /** Not SIP, or nothing that could be answered: dropped. */
  unreadable: number;
  /** Answered with a failure before anybody worked on it. */
  refused: number;
  /** From a scanning tool: dropped. */
  scanner: number;
  /** More than one source may send: dropped. */
  rateLimited: number;
  /** From a source that is banned: dropped unread. */
  banned: number;
  /** Bans of a source that failed too often. */
  bans: number;
  /** Too many transactions, or calls of strangers, already: 503. */
  overloaded: number;
  /** Our own fault while working on it; the message is dropped and the fault logged. */
  failed: number;
  /** Connections closed for what came on them, or did not, or for their number; with TLS also for a handshake that failed. */
  tcpDropped: number;
  tlsDropped: number;
}

export const noCounts = (): SipCounts => ({
  received: 0,
  unreadable: 0,
  refused: 0,
  scanner: 0,
  rateLimited: 0,
  banned: 0,
  bans: 0,
  overloaded: 0,
  failed: 0,
  tcpDropped: 0,
  tlsDropped: 0,
});
