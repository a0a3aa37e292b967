import type { Aor } from '@sylk/protocol/ids.ts';

/** One address of our domain. Times in ms since 1970. */
export interface Account {
  readonly aor: Aor;
  readonly displayName: string;
  /** `md5(user:realm:password)` in hex; the realm is the domain (RFC 7616 s. 3.4.2). */
  readonly ha1Md5: string;
  /** The same with SHA-256. */
  readonly ha1Sha256: string;
  readonly lifetime: 'temporary' | 'permanent';
  readonly createdAt: number;
  /** Only temporary ones expire; use renews them. */
  readonly expiresAt?: number;
  readonly status: AccountStatus;
  /** Claimant: a repeated creation finds its own claim. */
  readonly createdBy: string;
}

/** `removed` is final: the name is never given out again. */
export type AccountStatus = 'active' | 'blocked' | 'removed';

/** The addresses that this server has given out, those that are over included. */
export interface Accounts {
  /** @returns `created` also when the same claimant created it before; `taken` if it ever existed */
  create(account: Account): Promise<'created' | 'taken'>;
  find(aor: Aor): Promise<Account | undefined>;
  /**
   * Prolongs a temporary address; its end only moves later.
   *
   * @param at now: an address that has expired by then stays so
   * @returns whether it lives until `expiresAt` or longer
   */
  renew(aor: Aor, expiresAt: number, at: number): Promise<boolean>;
  /** @returns whether it has this status now; false for unknown ones, and for others than `removed` once removed */
  setStatus(aor: Aor, status: AccountStatus): Promise<boolean>;
  /** A page of all addresses, in their order, those after `after`. */
  list(after: string, limit: number): Promise<readonly Account[]>;
}
