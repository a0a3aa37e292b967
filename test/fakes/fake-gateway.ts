import type { Clock } from '../../web/src/client/clock.ts';
import { FakeSocket } from './fake-socket.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One session as the gateway keeps it: its events for replay, and which socket speaks for it. */
export interface GatewaySession {
  readonly id: string;
  readonly account: string;
  secret: string | undefined;
  socket: FakeSocket | undefined;
  /** Where an incoming one was announced and waits for an answer. */
  offer: string | undefined;
  /** What the gateway says of an incoming one's caller. */
  readonly verified?: boolean;
  readonly events: Fields[];
  readonly replies: Map<string, Fields>;
  isOver: boolean;
}

export interface FakeGatewayOptions {
  readonly clock: Clock;
  /** `null`: a server that knows nothing of the additions to sylkRTC. */
  readonly version?: string | null;
}

/**
 * The gateway's side of sylkRTC without media, with resume, replay and repeated requests as PROTOCOL.md has
 * them. What a call does is up to the test: it hears of each request that is carried out and emits the events.
 */
export class FakeGateway {
  readonly sessions = new Map<string, GatewaySession>();
  /** Requests that were carried out, each once however often it came. */
  readonly carriedOut: Fields[] = [];
  readonly sockets: FakeSocket[] = [];
  /** While down, no socket opens. */
  isDown = false;
  /** Numbers of the frames, counted in both directions, that do not arrive and end their socket. */
  readonly cuts = new Set<number>();
  /** Requests that are refused, by name, with their error text. */
  readonly refusals = new Map<string, string>();
  /** Requests of sessions and accounts that are never answered. */
  readonly unanswered = new Set<string>();
  /** Accounts whose registration fails, with the reason. */
  readonly failures = new Map<string, string>();
  /** Called for each request that is carried out, after its ack has left. */
  onRequest: (request: Fields) => void = () => undefined;
  frames = 0;
  readonly #clock: Clock;
  readonly #version: string | null;
  readonly #accounts = new Map<FakeSocket, Map<string, { isRegistered: boolean }>>();

  constructor(options: FakeGatewayOptions) {
    this.#clock = options.clock;
    this.#version = options.version === undefined ? '1.0.0' : options.version;
  }

  readonly openSocket = (url: string, protocol: string): FakeSocket => {
    const socket = new FakeSocket({
      url,
      protocol,
      clock: this.#clock,
      received: (text) => this.#received(socket, text),
    });
    this.sockets.push(socket);
    this.#accounts.set(socket, new Map());
    this.#clock.after(latencyMs, () => {
      if (this.isDown) return socket.cut();
      socket.open();
      this.send(socket, {
        sylkrtc: 'ready-event',
        ...(this.#version && { version: this.#version, domain: 'example.org' }),
      });
    });
    return socket;
  };

  /** The socket opened last. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened yet');
    return socket;
  }

  /** An event of a session, numbered and kept. */
  emit(id: string, news: Fields): void {
    const session = this.session(id);
    const seq = this.#version === null ? {} : { seq: session.events.length + 1 };
    const event = { sylkrtc: 'session-event', session: id, ...news, ...seq };
    session.events.push(event);
    if (news.event === 'state' && news.state === 'terminated') session.isOver = true;
    if (session.socket) this.send(session.socket, event);
  }

  /** Announces an incoming session wherever its account is registered. */
  ring(id: string, call: { account: string; from: string; offer: string; verified?: boolean }): void {
    this.sessions.set(id, {
      id,
      account: call.account,
      secret: undefined,
      socket: undefined,
      offer: call.offer,
      verified: call.verified,
      events: [],
      replies: new Map(),
      isOver: false,
    });
    for (const [socket, accounts] of this.#accounts)
      if (accounts.get(call.account)?.isRegistered) this.#announce(socket, id, call.from);
  }

  session(id: string): GatewaySession {
    const session = this.sessions.get(id);
    if (session === undefined) throw new Error(`the gateway has no session ${id}`);
    return session;
  }

  send(socket: FakeSocket, message: Fields): void {
    this.#clock.after(latencyMs, () => this.#pass(socket, () => socket.deliver(JSON.stringify(message))));
  }

  #received(socket: FakeSocket, text: string): void {
    this.#clock.after(latencyMs, () => this.#pass(socket, () => this.#handle(socket, JSON.parse(text))));
  }

  #pass(socket: FakeSocket, arrive: () => void): void {
    if (socket.wasCut) return;
    if (this.cuts.has(++this.frames)) socket.cut();
    else arrive();
  }

  #handle(socket: FakeSocket, request: Fields): void {
    const { sylkrtc, account, session } = request;
    if (sylkrtc === 'ping') this.#reply(socket, request);
    else if (sylkrtc === 'session-resume') this.#resume(socket, request);
    else if (sylkrtc === 'session-create') this.#create(socket, request);
    else if (typeof session === 'string') this.#sessionRequest(socket, this.sessions.get(session), request);
    else if (typeof account === 'string') this.#accountRequest(socket, account, request);
  }

  #accountRequest(socket: FakeSocket, account: string, request: Fields): void {
    const accounts = this.#accounts.get(socket) ?? new Map();
    if (this.unanswered.has(String(request.sylkrtc))) return;
    const error = this.refusals.get(String(request.sylkrtc));
    this.#reply(socket, request, error);
    if (error !== undefined) return;
    this.#carryOut(request);
    if (request.sylkrtc === 'account-add') accounts.set(account, { isRegistered: false });
    if (request.sylkrtc === 'account-register') this.#register(socket, account);
  }

  #register(socket: FakeSocket, account: string): void {
    const event = { sylkrtc: 'account-event', account, event: 'registration-state' };
    const reason = this.failures.get(account);
    this.send(socket, { ...event, state: 'registering' });
    this.send(socket, reason === undefined ? { ...event, state: 'registered' } : { ...event, state: 'failed', reason });
    if (reason !== undefined) return;
    this.#accounts.get(socket)?.set(account, { isRegistered: true });
    for (const session of this.sessions.values()) {
      const isRinging = session.offer !== undefined && !session.isOver;
      if (session.account === account && isRinging) this.#announce(socket, session.id, 'bob@example.org');
    }
  }

  #announce(socket: FakeSocket, id: string, from: string): void {
    const session = this.session(id);
    session.socket = socket;
    session.events.length = 0;
    const seq = this.#version === null ? {} : { seq: 1 };
    const event = {
      sylkrtc: 'account-event',
      account: session.account,
      event: 'incoming-session',
      session: id,
      sdp: session.offer,
      originator: { uri: from, display_name: 'Bob' },
      call_id: `call-${id}`,
      verified: session.verified,
      ...seq,
    };
    session.events.push(event);
    this.send(socket, event);
  }

  #create(socket: FakeSocket, request: Fields): void {
    const id = String(request.session);
    const known = this.sessions.get(id);
    if (known) return this.#sessionRequest(socket, known, request);
    if (!this.#accounts.get(socket)?.has(String(request.account)))
      return this.#reply(socket, request, `Unknown account specified: ${request.account}`);
    const session: GatewaySession = {
      id,
      account: String(request.account),
      secret: String(request.resume),
      socket,
      offer: undefined,
      events: [],
      replies: new Map(),
      isOver: false,
    };
    this.sessions.set(id, session);
    this.#sessionRequest(socket, session, request);
  }

  #sessionRequest(socket: FakeSocket, session: GatewaySession | undefined, request: Fields): void {
    const known = session?.replies.get(String(request.transaction));
    if (known) return this.send(socket, known);
    if (session === undefined || session.socket !== socket)
      return this.#reply(socket, request, `Unknown session ${request.session}`);
    if (request.sylkrtc === 'session-answer') {
      session.secret = String(request.resume);
      session.offer = undefined;
    }
    if (this.unanswered.has(String(request.sylkrtc))) return;
    const error = this.refusals.get(String(request.sylkrtc));
    const { transaction } = request;
    const reply: Fields =
      error === undefined ? { sylkrtc: 'ack', transaction } : { sylkrtc: 'error', transaction, error };
    session.replies.set(String(transaction), reply);
    this.send(socket, reply);
    if (error === undefined && request.sylkrtc !== 'session-ack') this.#carryOut(request);
  }

  #resume(socket: FakeSocket, request: Fields): void {
    const session = this.sessions.get(String(request.session));
    const isAllowed =
      session?.secret !== undefined &&
      session.secret === request.secret &&
      this.#accounts.get(socket)?.has(session.account);
    if (!session || !isAllowed) return this.#reply(socket, request, `Unknown session ${request.session}`);
    if (session.socket !== socket && session.socket)
      this.send(session.socket, { sylkrtc: 'session-event', session: session.id, event: 'replaced' });
    session.socket = socket;
    this.#reply(socket, request);
    for (const event of session.events.slice(Number(request.last_event))) this.send(socket, event);
    if (request.sdp !== undefined) this.#carryOut(request);
  }

  #carryOut(request: Fields): void {
    this.carriedOut.push(request);
    this.onRequest(request);
  }

  #reply(socket: FakeSocket, request: Fields, error?: string): void {
    const { transaction } = request;
    this.send(socket, error === undefined ? { sylkrtc: 'ack', transaction } : { sylkrtc: 'error', transaction, error });
  }
}

const latencyMs = 1;
