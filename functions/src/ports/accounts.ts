import type { Aor } from '@sylk/protocol/ids.ts';
import type { RegisteredDevice } from './devices.ts';
import type { PhoneBinding } from './phones.ts';
import type { Quota, QuotaAnswer } from './quotas.ts';

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
  /** Only with this, numbers are dialled for it. */
  readonly mayDial?: true;
  /** Whom it does not want to hear of, and whom it does: `user@domain` in lower case, sorted; absent for nobody. */
  readonly blocked?: readonly string[];
  readonly allowed?: readonly string[];
  readonly historyToken?: HistoryToken;
}

/** What opens the history of an account by HTTP. */
export interface HistoryToken {
  /** SHA-256 of the token in hex. */
  readonly hash: string;
  readonly expiresAt: number;
}

/** What an account thinks of a contact. */
export type ContactPolicy = 'blocked' | 'allowed';

/** `removed` is final: the name is never given out again. */
export type AccountStatus = 'active' | 'blocked' | 'removed';

/** An account, and where it is signed in. */
export interface AccountWithDevices {
  readonly account: Account | undefined;
  /** First registered first. */
  readonly devices: readonly RegisteredDevice[];
  /** In the order of `Phones.of`. */
  readonly phones: readonly PhoneBinding[];
}

/** An account that was asked to do something once more. */
export interface CountedUse {
  readonly account: Account;
  readonly answer: QuotaAnswer;
}

/** The addresses that this server has given out, those that are over included. */
export interface Accounts {
  /** A new account has neither lists nor a token. @returns `created` also when the same claimant created it before; `taken` if it ever existed */
  create(account: Account): Promise<'created' | 'taken'>;
  find(aor: Aor): Promise<Account | undefined>;
  /** What `find`, `Devices.of` and `Phones.of` tell, at once. */
  findWithDevices(aor: Aor, at: number): Promise<AccountWithDevices>;
  /** What `findWithDevices` and `Messages.tail` tell, at once. */
  findWithDevicesAndTail(aor: Aor, at: number): Promise<AccountWithDevices & { readonly tail: number }>;
  /**
   * Counts one use of an account against a quota, as `Quotas.take` does, and finds the account at once.
   * An account has one quota: another kind needs a counter of its own.
   *
   * @returns undefined for an unknown account
   */
  countUse(aor: Aor, quota: Quota, at: number): Promise<CountedUse | undefined>;
  /**
   * Prolongs a temporary address; its end only moves later.
   *
   * @param at now: an address that has expired by then stays so
   * @returns whether it lives until `expiresAt` or longer
   */
  renew(aor: Aor, expiresAt: number, at: number): Promise<boolean>;
  /** @returns whether it has this status now; false for unknown ones, and for others than `removed` once removed */
  setStatus(aor: Aor, status: AccountStatus): Promise<boolean>;
  /** @returns whether there is such an address */
  setMayDial(aor: Aor, mayDial: boolean): Promise<boolean>;
  /**
   * Puts a contact into one list of an account, and takes it out of the other. Of `allowed` contacts only `most` are
   * kept: one more is just not blocked any longer.
   *
   * @param most length of each list
   * @returns `full` when `most` others are blocked already
   */
  setContact(aor: Aor, contact: string, policy: ContactPolicy, most: number): Promise<'done' | 'full' | 'unknown'>;
  /** There is one token, the latest. @returns whether there is such an address */
  setHistoryToken(aor: Aor, token: HistoryToken): Promise<boolean>;
  /** A page of all addresses, in their order, those after `after`. */
  list(after: string, limit: number): Promise<readonly Account[]>;
}
