import type { Account } from '../client/account.ts';
import type { Clock } from '../client/clock.ts';
import type { Connection } from '../client/connection.ts';
import { readAddresses, type StoredAddress, type StoredAddresses, writeAddresses } from './address-memory.ts';
import type { Memory } from './browser.ts';
import type { AddressWish, Credentials, GatewayApi, NewAddress } from './gateway-api.ts';
import type { StoreMessages } from './messages/en.ts';
import { Sentence } from './sentence.ts';
import type { OwnAddress } from './snapshot.ts';
import { whenReady } from './when-ready.ts';

export interface AddressKeeperOptions {
  readonly clock: Clock;
  readonly memory: Memory;
  readonly api: GatewayApi;
  readonly messages: StoreMessages;
  readonly connection: Connection;
  changed(own: OwnAddress | undefined): void;
  /** The temporary address of this person is over. */
  expired(): void;
  /** An account that can be called; once each. */
  added(account: Account): void;
}

/** The addresses of this person: got, kept in the browser, signed in on every visit, given back. */
export class AddressKeeper {
  readonly #options: AddressKeeperOptions;
  readonly #accounts = new Map<string, Promise<Account>>();
  #stored: StoredAddresses;

  constructor(options: AddressKeeperOptions) {
    this.#options = options;
    this.#stored = readAddresses(options.memory);
  }

  /** For requests over HTTP. */
  get credentials(): Credentials | undefined {
    const { own } = this.#stored;
    return own && { address: own.address, password: own.ha1 };
  }

  /** All addresses of this browser, the own one first. */
  get addresses(): readonly string[] {
    const { own, former } = this.#stored;
    return (own ? [own, ...former] : former).map(({ address }) => address);
  }

  /** Signs in with what is kept, as soon as the gateway is there. */
  start(): void {
    this.#show('none');
    const now = this.#options.clock.now();
    const former = this.#stored.former.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
    this.#keep({ ...this.#stored, former });
    this.#options.connection.on('stateChanged', (_old, state) => {
      if (state === 'ready') this.#signInAll();
    });
  }

  /**
   * The account that calls are placed from. Who has none gets a temporary address.
   *
   * @throws Sentence
   */
  async account(): Promise<Account> {
    if (this.#stored.own === undefined) await this.get({ lifetime: 'temporary' });
    const { own } = this.#stored;
    if (own === undefined) throw new Sentence(this.#options.messages.cause.notSignedIn);
    const account = await this.#added(own);
    const outcome = await registrationOutcome(account);
    // A temporary address that the gateway knows no more has just been forgotten: the next one is new.
    if (outcome.state === 'failed' && this.#stored.own === undefined) return this.account();
    return account;
  }

  /** An account that was added by `start`, for calls that a former life of this page has had. */
  async accountNamed(address: string): Promise<Account | undefined> {
    return this.#accounts.get(address);
  }

  /** @throws Sentence */
  async get(wish: AddressWish): Promise<void> {
    const made = await this.#options.api.makeAddress(wish);
    this.#use(await this.#firstSignIn({ ...made, lifetime: wish.lifetime }));
  }

  /** @throws Sentence when the address or the password is wrong */
  async signIn(address: string, password: string): Promise<void> {
    this.#use(await this.#firstSignIn({ address, password, displayName: '', lifetime: 'permanent' }));
  }

  /** A permanent address in the place of the temporary one, which can be called until it expires. */
  async keepAs(name: string, password: string): Promise<void> {
    const made = await this.#options.api.makeAddress({ lifetime: 'permanent', name, password });
    const signedIn = await this.#firstSignIn({ ...made, lifetime: 'permanent' });
    const { own, former } = this.#stored;
    if (own?.lifetime === 'temporary') this.#keep({ own: undefined, former: [...former, own] });
    this.#use(signedIn);
  }

  /** This browser is not called on the own address any more. */
  async signOut(): Promise<void> {
    const { own } = this.#stored;
    if (own !== undefined) await this.#drop(own.address);
  }

  /**
   * Gives the own address back for good.
   *
   * @throws Sentence when the gateway does not do so
   */
  async forget(): Promise<void> {
    const { own } = this.#stored;
    if (own === undefined) return;
    const isRemoved = await this.#options.api.removeAddress({ address: own.address, password: own.ha1 });
    // A temporary one that the gateway does not know is gone already, which is what was wanted.
    if (!isRemoved && own.lifetime === 'permanent') throw new Sentence(this.#options.messages.error.wrongPassword);
    await this.#drop(own.address);
  }

  #use({ stored, account }: { stored: StoredAddress; account: Account }): void {
    const { own } = this.#stored;
    this.#keep({ ...this.#stored, own: stored });
    this.#show(account.registrationState ?? 'none');
    if (own && own.address !== stored.address)
      void this.#accounts.get(own.address)?.then((former) => this.#remove(former));
  }

  #signInAll(): void {
    const { own, former } = this.#stored;
    for (const stored of own ? [own, ...former] : former) {
      this.#added(stored).catch((error: unknown) => {
        if (!(error instanceof Sentence)) throw error;
        if (stored.address === this.#stored.own?.address) this.#show('failed', error.message);
      });
    }
  }

  async #firstSignIn(
    made: NewAddress & { readonly lifetime: StoredAddress['lifetime'] },
  ): Promise<{ stored: StoredAddress; account: Account }> {
    const account = await this.#add({ account: made.address, password: made.password, displayName: made.displayName });
    const { state, reason } = await registrationOutcome(account);
    if (state === 'failed') {
      this.#remove(account);
      throw new Sentence(this.#failure(reason));
    }
    this.#accounts.set(made.address, Promise.resolve(account));
    const { address, displayName, lifetime, expiresAt } = made;
    return { stored: { address, ha1: account.password, displayName, lifetime, expiresAt }, account };
  }

  #added({ address, ha1, displayName }: StoredAddress): Promise<Account> {
    const known = this.#accounts.get(address);
    if (known) return known;
    const adding = this.#add({ account: address, password: ha1, ha1: false, displayName });
    this.#accounts.set(address, adding);
    adding.catch(() => this.#accounts.delete(address));
    return adding;
  }

  async #add(options: { account: string; password: string; ha1?: false; displayName: string }): Promise<Account> {
    const { connection, clock, messages } = this.#options;
    await whenReady(connection, clock, messages);
    const account = await new Promise<Account>((resolve, reject) => {
      connection.addAccount(options, (error, added) => (added ? resolve(added) : reject(this.#refused(error))));
    });
    account.on('registrationStateChanged', (_old, state, { reason }) =>
      this.#registrationChanged(account, state, reason),
    );
    this.#options.added(account);
    account.register();
    return account;
  }

  #registrationChanged(account: Account, state: OwnAddress['registration'] | null, reason: string | undefined): void {
    const stored = [this.#stored.own, ...this.#stored.former].find((one) => one?.address === account.id);
    if (stored === undefined) return;
    if (state === 'failed' && stored.lifetime === 'temporary' && isGone(reason)) {
      const wasOwn = stored === this.#stored.own;
      void this.#drop(account.id);
      if (wasOwn) this.#options.expired();
    } else if (stored === this.#stored.own) {
      this.#show(state ?? 'none', state === 'failed' ? this.#failure(reason) : undefined);
    }
  }

  async #drop(address: string): Promise<void> {
    const account = await this.#accounts.get(address);
    const { own, former } = this.#stored;
    this.#keep({
      own: own?.address === address ? undefined : own,
      former: former.filter((one) => one.address !== address),
    });
    if (account) this.#remove(account);
    this.#show('none');
  }

  #remove(account: Account): void {
    this.#accounts.delete(account.id);
    account.unregister();
    this.#options.connection.removeAccount(account);
  }

  #keep(stored: StoredAddresses): void {
    this.#stored = stored;
    writeAddresses(this.#options.memory, stored);
  }

  #show(registration: OwnAddress['registration'], reason?: string): void {
    const { own } = this.#stored;
    if (own === undefined) return this.#options.changed(undefined);
    const { address, displayName, lifetime, expiresAt } = own;
    this.#options.changed({ address, displayName, lifetime, expiresAt, registration, reason });
  }

  #refused(error: Error | null): Sentence {
    const { error: sentences } = this.#options.messages;
    const domain = /domain not allowed: (\S+)/i.exec(error?.message ?? '')?.[1];
    if (domain !== undefined) return new Sentence(sentences.wrongDomain(domain));
    return new Sentence(
      /^Connection/.test(error?.message ?? '')
        ? sentences.serverGone
        : sentences.registrationFailed(error?.message ?? ''),
    );
  }

  #failure(reason = ''): string {
    const { error } = this.#options.messages;
    if (/^410\b/.test(reason)) return error.addressGone;
    return /\b904\b|wrong username or password/i.test(reason) ? error.wrongPassword : error.registrationFailed(reason);
  }
}

/** 410: expired. 904: this gateway does not know it (any more), which for a made-up password can only mean that. */
const isGone = (reason = ''): boolean => /^(410|904)\b/.test(reason);

function registrationOutcome(account: Account): Promise<{ state: 'registered' | 'failed'; reason?: string }> {
  const { registrationState: state } = account;
  if (state === 'registered' || state === 'failed') return Promise.resolve({ state });
  return new Promise((resolve) => {
    const listener = (_old: unknown, now: Account['registrationState'], { reason }: { reason?: string }) => {
      if (now !== 'registered' && now !== 'failed') return;
      account.off('registrationStateChanged', listener);
      resolve({ state: now, reason });
    };
    account.on('registrationStateChanged', listener);
  });
}
