import type { Aor } from '@sylk/protocol/ids.ts';
import type { CalledRegistration } from '../../ports/called-registration.ts';
import { DigestClient } from '../digest/digest-client.ts';
import type { Prover } from '../proofs.ts';
import type { ElsewhereAccount } from './account.ts';
import { DueTimes } from './due-times.ts';
import { PasswordTrial } from './password-trial.ts';
import { Registration, type RegistrationParts, type RegistrationState } from './registration.ts';
import { callRoutes } from './routes.ts';

export type RegistrationsOptions = Omit<RegistrationParts, 'due'>;

/** @param credentials those that the state is of */
export type OnRegistration = (aor: Aor, credentials: string, state: RegistrationState) => void;

/** How calls of an account leave that is not ours. */
export interface ProviderLine {
  /** Loose routes, first hop first; in angle brackets. */
  readonly routes: readonly string[];
  readonly prove: Prover;
  /** Further header lines of calls. */
  readonly headers?: readonly string[];
  /** Who it is at the provider, if not its own address: `user@host`. */
  readonly identity?: string;
}

/** Takes a binding back before we stop, for so many at most: more would be a flood. */
const maxGoodbyes = 500;

/** The accounts elsewhere that this edge looks after. */
export class Registrations {
  readonly #options: RegistrationsOptions;
  readonly #due: DueTimes<object>;
  readonly #byAor = new Map<Aor, Registration>();
  readonly #byContact = new Map<string, Registration>();
  /** How many were taken by the registrars at each address. */
  readonly #peers = new Map<string, number>();
  #onState: OnRegistration = () => undefined;

  constructor(options: RegistrationsOptions) {
    this.#options = options;
    this.#due = new DueTimes(options.clock);
  }

  get size(): number {
    return this.#byAor.size;
  }

  /** Told of each change, and of each answer to `register`. */
  onState(callback: OnRegistration): void {
    this.#onState = callback;
  }

  /**
   * Registers an account, and keeps it registered. Asked again with the same keys, it tells the state again; with
   * others, they are tried first, so that a wrong password takes nothing from whom has the right one.
   */
  register(account: ElsewhereAccount): void {
    const known = this.#byAor.get(account.aor);
    if (known === undefined) return this.#begin(account);
    const { state } = known;
    if (known.account.credentials !== account.credentials && state.state === 'registered')
      return this.#tryPassword(known, account);
    if (known.account.credentials === account.credentials && state.state === 'registering') return;
    if (known.account.credentials === account.credentials && state.state === 'registered')
      return this.#onState(account.aor, account.credentials, state);
    this.#drop(known);
    this.#begin(account);
  }

  /**
   * Safe to repeat.
   *
   * @param isMoved another edge has it: to take the binding back might be to take that one's
   */
  unregister(aor: Aor, isMoved = false): void {
    const known = this.#byAor.get(aor);
    if (known !== undefined) this.#drop(known, isMoved);
  }

  /** @returns `undefined` for an account that is not registered here at the moment */
  lineOf(aor: Aor): ProviderLine | undefined {
    const known = this.#byAor.get(aor);
    if (known?.granted === undefined) return undefined;
    const { identities, serviceRoutes } = known.granted;
    const [identity] = identities.includes(aor) ? [] : identities;
    return {
      routes: callRoutes(known.account, serviceRoutes),
      prove: known.prover,
      ...(identity === undefined ? {} : { identity }),
    };
  }

  /** Whose Contact at a provider this is, and what proves requests in its name. */
  calledBy(contact: string): (CalledRegistration & { readonly prove: Prover }) | undefined {
    const known = this.#byContact.get(contact);
    return known?.granted && { aor: known.account.aor, credentials: known.account.credentials, prove: known.prover };
  }

  /** Where the registrars are that have taken one of ours. */
  get peers(): Iterable<string> {
    return this.#peers.keys();
  }

  /** Takes all bindings back, without waiting for the word of the providers. */
  close(): void {
    this.#due.close();
    for (const registration of [...this.#byAor.values()].slice(0, maxGoodbyes)) registration.end();
    this.#byAor.clear();
    this.#byContact.clear();
  }

  #begin(account: ElsewhereAccount): void {
    const registration: Registration = new Registration({ ...this.#options, due: this.#due }, account, {
      onState: (state) => this.#onState(account.aor, registration.account.credentials, state),
      onPeer: (address, change) => this.#count(address, change),
    });
    this.#byAor.set(account.aor, registration);
    this.#byContact.set(account.contact, registration);
    registration.start();
  }

  #count(address: string, change: 1 | -1): void {
    const count = (this.#peers.get(address) ?? 0) + change;
    if (count > 0) this.#peers.set(address, count);
    else this.#peers.delete(address);
  }

  #drop(registration: Registration, isSilent = false): void {
    const { aor, contact } = registration.account;
    registration.end(isSilent);
    this.#byAor.delete(aor);
    this.#byContact.delete(contact);
  }

  #tryPassword(known: Registration, account: ElsewhereAccount): void {
    const digest = new DigestClient(account.keys);
    new PasswordTrial({ ...this.#options, due: this.#due }, account, digest).ask((state) => {
      if (state.state === 'registered' && this.#byAor.get(account.aor) === known) known.adopt(account, digest);
      this.#onState(account.aor, account.credentials, state);
    });
  }
}
