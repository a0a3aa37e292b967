import { pingIdleMs, pingInCallMs, socketRenewMs } from '@sylk/protocol/limits.ts';
import { Account } from './account.ts';
import type { AccountOptions } from './account-types.ts';
import type { Call } from './call.ts';
import type { CallResumeState } from './call-resume-state.ts';
import type { RestoreOptions } from './call-types.ts';
import { browserEnvironment, type Environment } from './environment.ts';
import { EventEmitter } from './event-emitter.ts';
import { secret } from './identifiers.ts';
import type { Link } from './link.ts';
import { errorOf, notReady, PendingRequests, type Reply } from './pending-requests.ts';
import { Session } from './session.ts';
import type { SessionHost, SessionStart } from './session-types.ts';
import { type ConnectionState, Transport } from './transport.ts';
import { userAgentOf } from './user-agent.ts';
import type { ClientRequest, ServerMessage } from './wire.ts';

export interface ConnectionOptions {
  /** `wss://host/webrtcgateway/ws` */
  readonly server: string;
  readonly userAgent?: { readonly name: string; readonly version: string };
  /** This browser, the same after a reload: 8 to 64 letters, digits, `_` or `-`. Random when left out. */
  readonly device?: string;
  /** Before the first attempt to connect and after `reconnect()`, ms. */
  readonly connectDelayMs?: number;
  /** Age at which a socket is renewed, ms. */
  readonly renewAfterMs?: number;
  /** How long nothing may be heard before a ping is sent, ms. */
  readonly pingIdleMs?: number;
  readonly pingInCallMs?: number;
  /** How long a ping's answer may take; three unanswered ones end the socket. */
  readonly pingAnswerMs?: number;
  /** Parts of the browser to be replaced, for tests and other runtimes. */
  readonly environment?: Partial<Environment>;
}

export interface ConnectionEvents {
  stateChanged: [oldState: ConnectionState, newState: ConnectionState];
  publicKey: [result: { publicKey: string | null; uri: string }];
}

/** Called back with `null` when the gateway took the request. */
export type Callback = ((error: Error | null) => void) | null;

/**
 * A connection to the gateway that mends itself. Accounts and calls outlive its sockets: when a new one is
 * open, they are added and resumed on it before anything else is sent.
 */
export class Connection extends EventEmitter<ConnectionEvents> {
  readonly environment: Environment;
  readonly #options: ConnectionOptions;
  readonly #device: string;
  readonly #transport: Transport;
  readonly #pending = new PendingRequests();
  readonly #accounts = new Map<string, Account>();
  readonly #sessions = new Map<string, Session>();
  readonly #host: SessionHost;
  readonly #forgetNetwork: () => void;
  #serverResumes = true;

  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
    this.#device = options.device ?? secret();
    this.environment = { ...browserEnvironment(), ...options.environment };
    this.#transport = this.#makeTransport();
    this.#host = this.#makeSessionHost();
    this.#forgetNetwork = this.environment.onNetworkChanged(() => this.checkNetwork());
    this.#transport.start();
  }

  get state(): ConnectionState {
    return this.#transport.state;
  }

  /** The domain whose accounts live at the gateway, once it has said so. */
  domain: string | undefined;

  /**
   * Adds an account; it can call at once and is called after `register()`.
   *
   * @param callback gets the account, or why there is none
   * @throws Error when the options make no account, or it is here already
   */
  addAccount(
    options: AccountOptions,
    callback: ((error: Error | null, account: Account | null) => void) | null = null,
  ): Account {
    const account = new Account(options, this);
    if (this.#accounts.has(account.id)) throw new Error(`Account ${account.id} already added`);
    this.#accounts.set(account.id, account);
    void this.#addFirst(account).then((reply) => callback?.(errorOf(reply), reply.ok ? account : null));
    return account;
  }

  /** @throws Error for an account that is not here */
  removeAccount(account: Account, callback: Callback = null): void {
    if (!this.#accounts.delete(account.id)) throw new Error(`Unknown account ${account.id}`);
    account.close();
    void this.request({ sylkrtc: 'account-remove', account: account.id }).then((reply) => callback?.(errorOf(reply)));
  }

  lookupPublicKey(uri: string): void {
    void this.request({ sylkrtc: 'lookup-public-key', uri });
  }

  /**
   * Takes a call over that another page, or this one before it was loaded again, has had.
   *
   * @param state what `call.resumeState` said there
   * @throws Error when its account has not been added
   */
  restore(state: CallResumeState, options: RestoreOptions): Call {
    const account = this.#accounts.get(state.account);
    if (account === undefined)
      throw new Error(`Unknown account ${state.account}: add it before its calls are restored`);
    return account.restore(state, options);
  }

  /** Connects now instead of later. */
  reconnect(): void {
    this.#transport.reconnect();
  }

  /** The network may have changed: a fresh socket beside the old one, and fresh media paths. */
  checkNetwork(): void {
    if (this.#mayChangeSocket()) this.#transport.renew();
    for (const account of this.#accounts.values()) account.networkChanged();
  }

  /** Ends the connection, its accounts and calls for good. */
  close(): void {
    this.#forgetNetwork();
    for (const part of [...this.#sessions.values(), ...this.#accounts.values()]) part.close();
    this.#accounts.clear();
    this.#transport.close();
  }

  /** For accounts: sends a request that concerns no session. */
  async request(request: ClientRequest, link = this.#transport.current, transaction?: string): Promise<Reply> {
    return link === undefined ? notReady : this.#send(link, request, transaction);
  }

  /** For accounts: a session that lives on whatever socket there is. `link` is where it was announced. */
  openSession(start: SessionStart, link?: Link): Session {
    const session = new Session(start, this.#host);
    this.#sessions.set(session.id, session);
    this.#transport.refreshPing();
    const added = this.#accounts.get(session.account)?.link;
    if (link !== undefined) session.begin(link);
    else if (added?.isOpen) void session.attach(added);
    return session;
  }

  #makeTransport(): Transport {
    const { clock, openSocket } = this.environment;
    const options = this.#options;
    return new Transport(
      {
        clock,
        openSocket: () => openSocket(options.server, subprotocol),
        connectDelayMs: options.connectDelayMs ?? 500,
        renewAfterMs: options.renewAfterMs ?? socketRenewMs,
        pingAnswerMs: options.pingAnswerMs ?? 5_000,
        // A call that rings has no secret yet by which it could be resumed.
        mayRenew: () => this.#mayChangeSocket() && ![...this.#sessions.values()].some((session) => session.isRinging),
        pingIntervalMs: () =>
          this.#sessions.size > 0 ? (options.pingInCallMs ?? pingInCallMs) : (options.pingIdleMs ?? pingIdleMs),
      },
      {
        stateChanged: (from, to) => this.emit('stateChanged', from, to),
        opened: (link, isRenewal) => void this.#opened(link, isRenewal),
        received: (link, message) => this.#received(link, message),
        lost: (link) => this.#lost(link),
        pingDue: (link) => void this.#ping(link),
      },
    );
  }

  #makeSessionHost(): SessionHost {
    const serverResumes = () => this.#serverResumes;
    return {
      clock: this.environment.clock,
      get canResume() {
        return serverResumes();
      },
      send: (link, request, transaction) => this.#send(link, request, transaction),
      ended: (id) => {
        this.#sessions.delete(id);
        this.#transport.refreshPing();
      },
    };
  }

  /** The gateway takes requests before its `ready-event`, so nothing waits for that. */
  async #opened(link: Link, isRenewal: boolean): Promise<void> {
    void this.#ping(link);
    const areAdded = await Promise.all([...this.#accounts.values()].map((account) => this.#rejoin(account, link)));
    if (!isRenewal) return;
    if (areAdded.every(Boolean)) this.#transport.promote(link);
    else link.close();
  }

  async #addFirst(account: Account): Promise<Reply> {
    const link = this.#transport.current;
    if (link === undefined) {
      this.#accounts.delete(account.id);
      return notReady;
    }
    const reply = await this.#addOn(account, link);
    if (reply.ok) void this.#attachSessions(account, link);
    // A socket that was renewed meanwhile has the account from the renewal.
    else if (reply.isLost && account.link !== undefined) return { ok: true };
    else this.#accounts.delete(account.id);
    return reply;
  }

  /** @returns whether the account and its calls are on this link now */
  async #rejoin(account: Account, link: Link): Promise<boolean> {
    const reply = await this.#addOn(account, link);
    if (reply.ok) {
      account.registerAgain();
      await this.#attachSessions(account, link);
      return link.isOpen;
    }
    if (!reply.isLost) account.registrationFailed(reply.error);
    return !reply.isLost;
  }

  async #addOn(account: Account, link: Link): Promise<Reply> {
    const userAgent = userAgentOf(this.environment.userAgent, this.#options.userAgent);
    const reply = await this.#send(link, account.describe(userAgent, this.#device));
    if (reply.ok) account.addedOn(link);
    return reply;
  }

  async #attachSessions(account: Account, link: Link): Promise<void> {
    const sessions = [...this.#sessions.values()].filter((session) => session.account === account.id);
    await Promise.all(sessions.map((session) => session.attach(link)));
  }

  /** With an older server the calls would be lost with their socket. */
  #mayChangeSocket(): boolean {
    return this.#serverResumes || this.#sessions.size === 0;
  }

  async #ping(link: Link): Promise<void> {
    const reply = await this.#send(link, { sylkrtc: 'ping' });
    if (reply.ok) this.#transport.confirmReady(link);
  }

  #send(link: Link, request: ClientRequest, transaction?: string): Promise<Reply> {
    this.#transport.expectsAnswer();
    return this.#pending.send(link, request, transaction);
  }

  #lost(link: Link): void {
    for (const session of this.#sessions.values()) session.lose(link);
    for (const account of this.#accounts.values()) account.lost(link);
    this.#pending.lose(link);
  }

  #received(link: Link, message: ServerMessage): void {
    switch (message.sylkrtc) {
      case 'ready-event':
        this.#ready(link, message);
        break;
      case 'ack':
        this.#pending.settle(message.transaction, { ok: true });
        break;
      case 'error':
        this.#pending.settle(message.transaction, { ok: false, error: message.error });
        break;
      case 'lookup-public-key-event':
        this.emit('publicKey', { publicKey: message.public_key ?? null, uri: message.uri });
        break;
      case 'session-event':
        this.#sessions.get(message.session)?.deliver(message, link);
        break;
      case 'account-event':
        this.#accountEvent(message, link);
    }
  }

  #ready(link: Link, message: Extract<ServerMessage, { sylkrtc: 'ready-event' }>): void {
    this.domain = message.domain ?? undefined;
    // A server that does not say its version is an older one, which forgets calls with their socket.
    this.#serverResumes = typeof message.version === 'string';
    this.#transport.confirmReady(link);
  }

  #accountEvent(message: Extract<ServerMessage, { sylkrtc: 'account-event' }>, link: Link): void {
    const known = message.event === 'incoming-session' && this.#sessions.get(message.session);
    if (known) known.announce(message, link);
    else this.#accounts.get(message.account)?.receive(message, link);
  }
}

const subprotocol = 'sylkRTC-2';
