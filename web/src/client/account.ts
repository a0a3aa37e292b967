import type { AccountHost, AccountOptions, RegistrationState } from './account-types.ts';
import { Call } from './call.ts';
import type { CallResumeState } from './call-resume-state.ts';
import type { DialOptions, RestoreOptions } from './call-types.ts';
import { ha1Of } from './ha1.ts';
import { uuid } from './identifiers.ts';
import { Identity } from './identity.ts';
import type { Link } from './link.ts';
import { md5 } from './md5.ts';
import { MessagingAccount } from './messaging-account.ts';
import type { Reply } from './pending-requests.ts';
import { offersBothWays, readSdpLines } from './sdp-lines.ts';
import type { ResumeOffer } from './session-types.ts';
import type { AccountEvent, ChallengeEvent, ClientRequest, IncomingSessionEvent } from './wire.ts';

/** An address at the gateway, with the calls of it. It stays through lost sockets; the connection adds it anew. */
export class Account extends MessagingAccount {
  /** HA1: `md5(user:realm:password)`, or the password as given with `ha1: false`. */
  readonly password: string;
  readonly incomingHeaderPrefixes: readonly string[];
  readonly #connection: AccountHost;
  readonly #calls = new Set<Call>();
  /** `undefined` where the password itself was not given. */
  readonly #secret: { readonly user: string; readonly domain: string; readonly password: string } | undefined;
  #registrationState: RegistrationState = null;

  /** @throws Error when the options make no account */
  constructor(options: AccountOptions, connection: AccountHost) {
    const { user, domain } = checked(options);
    super({ id: options.account, displayName: options.displayName ?? '' }, connection);
    this.#secret = options.ha1 === false ? undefined : { user, domain, password: options.password };
    this.password =
      options.ha1 === false ? options.password : md5(`${user}:${options.realm ?? domain}:${options.password}`);
    this.incomingHeaderPrefixes = options.incomingHeaderPrefixes ?? [];
    this.#connection = connection;
  }

  get registrationState(): RegistrationState {
    return this.#registrationState;
  }

  /** Asks to be called on this account. */
  register(): void {
    this.wantsRegistration = true;
    void this.#request('account-register').then((reply) => this.#registerAnswered(reply));
  }

  /** Is not called any more; calls that run go on. */
  unregister(): void {
    this.wantsRegistration = false;
    void this.#request('account-unregister').then(() => this.#enter(null));
  }

  /**
   * Places a call; what becomes of it follows as events of the call.
   *
   * @throws Error without a `localStream` (it may be without tracks)
   */
  call(uri: string, options: DialOptions): Call {
    if (!options?.localStream) throw new Error('call needs a localStream');
    const session = this.#connection.openSession({ id: options.id ?? uuid(), account: this.id, direction: 'outgoing' });
    const call = this.#adopt(new Call({ ...this.#callStart(uri), session, state: null }));
    this.emit('outgoingCall', call);
    call.dial(uri, options);
    return call;
  }

  /** For the connection: a call that another page has had. */
  restore(state: CallResumeState, options: RestoreOptions): Call {
    const { promise: offer, resolve } = Promise.withResolvers<ResumeOffer | undefined>();
    const { session: id, direction, secret, lastEvent } = state;
    const session = this.#connection.openSession({
      id,
      account: this.id,
      direction,
      restored: { secret, lastEvent, offer },
    });
    const start = {
      ...this.#callStart(state.remote.uri, state.remote.displayName),
      session,
      state: state.state,
      callId: state.callId,
    };
    const call = this.#adopt(new Call(start));
    void call.offerAgain(state, options).then(resolve);
    return call;
  }

  // What follows is for the connection.

  /** `account-add` for a new socket. */
  describe(userAgent: string, device: string): ClientRequest {
    return {
      sylkrtc: 'account-add',
      account: this.id,
      password: this.password,
      display_name: this.displayName,
      user_agent: userAgent,
      incoming_header_prefixes: [...this.incomingHeaderPrefixes],
      device,
      ...(this.#secret && { challenges: true }),
    };
  }

  /** Registers on a new socket, if that was wished on an old one. */
  registerAgain(): void {
    if (this.wantsRegistration) this.register();
  }

  registrationFailed(reason: string): void {
    this.#enter('failed', { reason });
  }

  networkChanged(): void {
    for (const call of this.#calls) call.networkChanged();
  }

  receive(event: AccountEvent, link: Link): void {
    switch (event.event) {
      case 'registration-state':
        if (event.state === 'registered') this.registeredOn(link);
        if (event.state === 'failed') this.registrationFailed(event.reason ?? '');
        // After a lost socket it is registered once more; for the application it has been all the time.
        else if (event.state === 'registered' || this.#registrationState !== 'registered') this.#enter(event.state);
        break;
      case 'challenge':
        this.#challenged(event);
        break;
      case 'incoming-session':
        this.#incoming(event, link);
        break;
      case 'message':
      case 'disposition-notification':
      case 'composing-indication':
      case 'sync-conversations':
      case 'sync':
        this.hear(event);
        break;
      case 'contact-policy':
        this.learnContacts(event);
        break;
      case 'missed-session': {
        const originator = new Identity(event.originator.uri, event.originator.display_name);
        this.emit(
          'missedCall',
          event.timestamp ? { originator, timestamp: new Date(event.timestamp) } : { originator },
        );
      }
    }
  }

  #challenged(event: ChallengeEvent): void {
    const { realm } = event;
    const answer = () => void this.#prove(event);
    if (realm === this.#secret?.domain) return answer();
    if (!this.emit('challenged', { realm, answer })) this.registrationFailed(notAnswered);
  }

  async #prove({ realm, algorithm }: ChallengeEvent): Promise<void> {
    const ha1 = this.#secret && (await ha1Of(algorithm, `${this.#secret.user}:${realm}:${this.#secret.password}`));
    if (ha1 === undefined) return this.registrationFailed(notAnswered);
    const request = { sylkrtc: 'account-credentials', account: this.id, realm, algorithm, ha1 } as const;
    this.#registerAnswered(await this.#connection.request(request, this.link));
  }

  #incoming(event: IncomingSessionEvent, link: Link): void {
    const start = { id: event.session, account: this.id, direction: 'incoming', announcedAs: event.seq ?? 0 } as const;
    const session = this.#connection.openSession(start, link);
    const { originator, sdp: offer, call_id: callId } = event;
    const headers = Object.entries(event.headers ?? {}).map(([name, value]) => ({ name, value }));
    const call = this.#adopt(
      new Call({
        ...this.#callStart(originator.uri, originator.display_name),
        session,
        state: 'incoming',
        offer,
        callId,
        headers,
        isRemoteVerified: event.verified ?? undefined,
      }),
    );
    const lines = readSdpLines(offer);
    const isHeard = this.emit('incomingCall', call, {
      audio: offersBothWays(lines, 'audio'),
      video: offersBothWays(lines, 'video'),
    });
    // Only a server that numbers its events knows this request.
    if (isHeard && typeof event.seq === 'number')
      void session.request({ sylkrtc: 'session-ringing', session: session.id });
  }

  #callStart(uri: string, displayName?: string | null) {
    return { account: this, environment: this.#connection.environment, remoteIdentity: new Identity(uri, displayName) };
  }

  #adopt(call: Call): Call {
    this.#calls.add(call);
    call.on('stateChanged', (_old, state) => {
      if (state === 'terminated') this.#calls.delete(call);
    });
    return call;
  }

  #registerAnswered(reply: Reply): void {
    if (!reply.ok && !reply.isLost) this.registrationFailed(reply.error);
  }

  #request(sylkrtc: 'account-register' | 'account-unregister'): Promise<Reply> {
    return this.#connection.request({ sylkrtc, account: this.id }, this.link);
  }

  #enter(state: RegistrationState, data: { reason?: string } = {}): void {
    const old = this.#registrationState;
    if (old === state) return;
    this.#registrationState = state;
    this.emit('registrationStateChanged', old, state, data);
  }
}

const notAnswered = '401 The provider asks for a password in a way that was not answered';

/** @throws Error when the options make no account */
function checked({ account, password }: AccountOptions): { user: string; domain: string } {
  const [user, domain, ...rest] = String(account ?? '').split('@');
  if (!user || !domain || rest.length > 0) throw new Error(`Invalid account id: '${account}', expected 'user@domain'`);
  if (typeof password !== 'string' || password === '') throw new Error(`account ${account} needs a password`);
  return { user, domain };
}
