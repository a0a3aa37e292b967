/**
 * One account at its provider, for as long as somebody here is signed in with it.
 *
 *     registering --200--> registered --refresh--> registered
 *          |                   |--refused, out of reach--> failed --again, if it may pass--> registering
 *          +--refused, out of reach--> failed
 *     any --unregister--> over
 */
import { randomBytes } from 'node:crypto';
import type { Core } from 'sip.js';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { DigestClient, type WantedKey } from '../digest/digest-client.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { reasonOf, safePhrase } from '../headers/reason-header.ts';
import { type Prover, prove, toDigestRequest } from '../proofs.ts';
import { describe, type Flow } from '../transport/flow.ts';
import type { KeepAlive, KeepAliveOptions } from '../transport/keep-alives.ts';
import type { RequestPath } from '../transport/request-path.ts';
import type { ElsewhereAccount } from './account.ts';
import { isBehindNat } from './behind-nat.ts';
import type { DueTimes } from './due-times.ts';
import { registerRequest } from './register-request.ts';
import { type Granted, minExpiresOf, readGranted, retryAfterOf } from './registrar-answer.ts';
import { mayPass, type RegistrationTimes, refreshAfterMs, retryAfterMs } from './when-again.ts';

/** What the account's devices are told. */
export type RegistrationState =
  | { readonly state: 'registered' }
  /** @property reason `<code> <phrase>` */
  | { readonly state: 'failed'; readonly reason: string; readonly wanted?: readonly WantedKey[] };

export interface RegistrationParts {
  readonly gateway: GatewayCore;
  readonly clock: Clock;
  readonly log: Log;
  readonly times: RegistrationTimes;
  readonly due: DueTimes<object>;
  /** 0 <= x < 1 */
  readonly random: () => number;
  openPath(options: { callId: string; contactUser: string | undefined }): RequestPath;
  flowOf(message: Core.IncomingMessage): Flow | undefined;
  keepAlive(flow: Flow, options: KeepAliveOptions): KeepAlive;
}

export interface RegistrationListener {
  onState(state: RegistrationState): void;
  /** A registrar at this address has taken it, or is no longer the one. */
  onPeer(address: string, change: 1 | -1): void;
}

/** A registrar that wants longer lives than this is not followed, seconds. */
const longestMinExpiresS = 86_400;

export class Registration {
  readonly #parts: RegistrationParts;
  readonly #listener: RegistrationListener;
  readonly #callId = randomBytes(16).toString('hex');
  readonly #path: RequestPath;
  readonly #takeBack: () => void;
  #account: ElsewhereAccount;
  #digest: DigestClient;
  #state: RegistrationState | { readonly state: 'registering' | 'over' } = { state: 'registering' };
  #expiresS: number;
  #failures = 0;
  #granted: Granted | undefined;
  #wanted: readonly WantedKey[] | undefined;
  #request: Core.OutgoingRequestMessage | undefined;
  #kept: KeepAlive | undefined;
  #keptFlow: Flow | undefined;
  #peer: string | undefined;
  /** The registrar has asked for the password, and has taken the answer. */
  #isProved = false;

  constructor(parts: RegistrationParts, account: ElsewhereAccount, listener: RegistrationListener) {
    this.#parts = parts;
    this.#account = account;
    this.#listener = listener;
    this.#expiresS = parts.times.expiresS;
    this.#digest = new DigestClient(account.keys);
    this.#path = parts.openPath({ callId: this.#callId, contactUser: account.contact });
    this.#takeBack = parts.gateway.proofs.give(this.#callId, this.prover);
  }

  get account(): ElsewhereAccount {
    return this.#account;
  }

  get state(): RegistrationState | { readonly state: 'registering' | 'over' } {
    return this.#state;
  }

  /** What the provider granted last. */
  get granted(): Granted | undefined {
    return this.#granted;
  }

  /** Proves requests of this account, calls as well. */
  readonly prover: Prover = (challenges, request, tries) => {
    const answer = this.#digest.answer(challenges, request, tries);
    if (answer.kind === 'proof') {
      this.#isProved = true;
      return answer.headers;
    }
    this.#wanted = answer.kind === 'unknown' ? answer.wanted : undefined;
    return undefined;
  };

  start(): void {
    this.#send(this.#expiresS, {
      onAccept: ({ message }) => this.#registered(message),
      onReject: ({ message }) => this.#refused(message),
      // Not followed: whoever answers for the provider would learn who is registered there, and be called through.
      onRedirect: ({ message }) => this.#refused(message),
    });
  }

  /** The keys are others now, and have been proved: no request needs to go out. */
  adopt(account: ElsewhereAccount, digest: DigestClient): void {
    this.#account = account;
    this.#digest = digest;
  }

  /**
   * Takes the binding back; nothing is told any more. Safe to repeat.
   *
   * @param isSilent the provider is not told either
   */
  end(isSilent = false): void {
    if (this.#state.state === 'over') return;
    const wasBound = this.#granted !== undefined;
    this.#state = { state: 'over' };
    this.#kept?.stop();
    this.#meet(undefined);
    this.#parts.due.cancel(this);
    if (wasBound && !isSilent)
      this.#send(0, { onAccept: this.#takeBack, onReject: this.#takeBack, onRedirect: this.#takeBack });
    else this.#takeBack();
  }

  #send(expiresS: number, delegate: Core.OutgoingRequestDelegate): void {
    const { gateway } = this.#parts;
    const cseq = (this.#request?.cseq ?? 0) + 1;
    const request = registerRequest(gateway.core, this.#account, { callId: this.#callId, cseq, expiresS });
    prove(request, this.#digest.preset(toDigestRequest(request)));
    this.#request = request;
    this.#wanted = undefined;
    gateway.within(this.#path, () => gateway.core.register(request, delegate));
  }

  #registered(response: Core.IncomingResponseMessage): void {
    if (this.#state.state === 'over') return this.#takeItBack();
    // Whoever is let in without a password might be anybody: nothing would show that the account is theirs.
    if (!this.#isProved) return this.#unproved();
    const { due, random, times } = this.#parts;
    this.#failures = 0;
    const granted = readGranted(response, this.#account.contact);
    this.#granted = granted;
    this.#keepFlow(response, granted);
    const expiresS = Math.max(1, granted.expiresS ?? this.#expiresS);
    // What the registrar shortens is its business; what it wanted longer (423) it goes on wanting.
    due.set(this, refreshAfterMs(Math.min(expiresS, 2 * times.expiresS, longestMinExpiresS), random()), () =>
      this.start(),
    );
    this.#become({ state: 'registered' });
  }

  #unproved(): void {
    this.#takeItBack();
    this.#become({ state: 'failed', reason: '403 The provider asks for no password' });
  }

  /** It was granted while it was given up. */
  #takeItBack(): void {
    this.#send(0, {});
  }

  #refused(response: Core.IncomingResponseMessage): void {
    if (this.#state.state === 'over') return;
    const code = response.statusCode ?? 500;
    if (code === 423 && this.#lengthen(minExpiresOf(response))) return this.start();
    this.#failures++;
    this.#kept?.stop();
    const { due, random, times } = this.#parts;
    if (mayPass(code)) {
      due.set(this, retryAfterMs(this.#failures, retryAfterOf(response), random(), times), () => this.start());
    } else this.#granted = undefined;
    const wanted = this.#wanted === undefined ? {} : { wanted: this.#wanted };
    this.#become({ state: 'failed', reason: this.#reasonFor(code, response), ...wanted });
  }

  /** RFC 3261 s. 10.2.8. @returns false if that is no reason to ask again */
  #lengthen(minExpiresS: number | undefined): boolean {
    if (minExpiresS === undefined || minExpiresS <= this.#expiresS || minExpiresS > longestMinExpiresS) return false;
    this.#expiresS = minExpiresS;
    return true;
  }

  #reasonFor(code: number, response: Core.IncomingResponseMessage): string {
    if (code === 401 || code === 407) return authenticationFailed;
    const isOwn = response.getHeader('via') === undefined;
    if (isOwn && code === 408) return '408 No answer from the provider';
    if (isOwn) return '503 The provider cannot be reached';
    const phrase = safePhrase(response.reasonPhrase ?? '').trim();
    return `${code} ${phrase || reasonOf(response) || 'Refused'}`;
  }

  #become(state: RegistrationState): void {
    const { log } = this.#parts;
    const before = this.#state;
    this.#state = state;
    if (before.state !== state.state)
      log.info({ aor: this.#account.aor, ...state }, 'the registration of an account elsewhere has changed');
    // Refreshes are told as well: the answer says whether anybody is still there.
    this.#listener.onState(state);
  }

  /** Where a NAT lies between us and the provider, or it wants to know that the flow is alive, the way is kept open. */
  #keepFlow(response: Core.IncomingResponseMessage, { hasOutbound }: Granted): void {
    const flow = this.#parts.flowOf(response);
    if (flow === undefined) return;
    this.#path.heardFrom(flow);
    this.#meet(flow.peer.address);
    if (flow === this.#keptFlow && this.#kept !== undefined) return;
    this.#kept?.stop();
    this.#kept = undefined;
    this.#keptFlow = flow;
    if (!hasOutbound && !isBehindNat(response) && flow.peer.protocol === 'UDP') return;
    this.#kept = this.#parts.keepAlive(flow, {
      isAnswered: hasOutbound,
      onLost: (reason) => this.#flowLost(flow, reason),
    });
  }

  #meet(address: string | undefined): void {
    if (this.#peer === address) return;
    if (this.#peer !== undefined) this.#listener.onPeer(this.#peer, -1);
    if (address !== undefined) this.#listener.onPeer(address, 1);
    this.#peer = address;
  }

  /** Calls would no longer reach us. */
  #flowLost(flow: Flow, reason: string): void {
    if (this.#state.state !== 'registered' || flow !== this.#keptFlow) return;
    const { log, due, random, times } = this.#parts;
    this.#kept = undefined;
    log.info({ aor: this.#account.aor, peer: describe(flow.peer), reason }, 'the way to a provider is lost');
    due.set(this, retryAfterMs(1, 0, random(), times), () => this.start());
  }
}

/** What clients know a wrong password by. */
export const authenticationFailed = '904 Authentication failed';
