import type { Aor, ConnectionId, DeviceId } from '@sylk/protocol/ids.ts';

/** An account as one connection has added it. */
export interface AddedAccount {
  readonly aor: Aor;
  /** As the client wrote it; its events carry this form, because clients look accounts up by it. */
  readonly account: string;
  readonly device: DeviceId;
  readonly displayName?: string;
  readonly userAgent?: string;
  /** Prefixes of SIP header names that this client wants to see. */
  readonly headerPrefixes: readonly string[];
  /** Of an account at a provider elsewhere. */
  readonly elsewhere?: ElsewhereSecret | undefined;
  /** Whether the password was right when the account was added. */
  readonly isVerified: boolean;
  /** Transaction of the request that added it: a repeated request finds its own claim. */
  readonly addedBy: string;
}

/** What was given for an account elsewhere. */
export interface ElsewhereSecret {
  /** The HA1s, sealed. */
  readonly secret: string;
  /** Their name; see `Registration`. */
  readonly credentials: string;
  /** Whether the client can make others. */
  readonly answersChallenges: boolean;
}

/** One WebSocket of a browser. Times in ms since 1970. */
export interface OpenConnection {
  readonly connection: ConnectionId;
  /** Where it comes from, for quotas: an IPv4 address or an IPv6 /64. */
  readonly network: string;
  readonly openedAt: number;
  /** No connection lives longer; a record past this is as good as absent. */
  readonly expiresAt: number;
}

export interface ConnectionRecord extends OpenConnection {
  readonly accounts: readonly AddedAccount[];
}

/** The open WebSockets and the accounts added on each: one item a connection. */
export interface Connections {
  open(connection: OpenConnection): Promise<void>;
  find(connection: ConnectionId, at: number): Promise<ConnectionRecord | undefined>;
  /**
   * Adds an account unless its address is there already.
   *
   * @param limit most accounts on one connection
   * @returns `added` also when the same transaction added it before
   */
  addAccount(
    connection: ConnectionId,
    account: AddedAccount,
    limit: number,
  ): Promise<'added' | 'present' | 'full' | 'gone'>;
  /** @returns `removed` also when the same transaction removed it before */
  removeAccount(connection: ConnectionId, aor: Aor, transaction: string): Promise<'removed' | 'absent'>;
  /** Withdraws what the right password gave, after the account was removed or blocked. */
  distrust(connection: ConnectionId, aor: Aor): Promise<void>;
  close(connection: ConnectionId): Promise<void>;
}
