import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type JsonObject, parseJson } from '@sylk/protocol/json.ts';
import { WebSocket } from 'ws';

export interface ProbeAccount {
  readonly address: string;
  readonly password: string;
}

/** A call that can be resumed. */
export interface ProbeCall {
  readonly session: string;
  readonly secret: string;
}

/** A request without an answer is sent again after this time, in ms; it is not carried out twice. */
const repeatMs = 3_000;
const patienceMs = 20_000;

/**
 * A client of sylkRTC-2 with nothing but what surviving takes: it dials again when its socket fails, adds its account,
 * resumes its calls, repeats what was not answered, and keeps the events of calls in order, each once.
 */
export class ProbeClient {
  readonly #url: string;
  readonly #origin: string;
  readonly #device = randomUUID();
  readonly #calls: ProbeCall[] = [];
  #events: JsonObject[] = [];
  readonly #frames: JsonObject[] = [];
  readonly #others: JsonObject[] = [];
  #socket: WebSocket | undefined;
  #account: ProbeAccount | undefined;
  #isClosed = false;
  /** Sockets opened so far. */
  sockets = 0;
  /** Calls taken over by a new socket so far. */
  resumes = 0;
  /** What the gateway must never do: events that came in a wrong order. */
  readonly faults: string[] = [];

  /** @param origin such as `https://phone.example.org` */
  constructor(origin: string) {
    this.#origin = origin;
    this.#url = `${origin.replace(/^http/, 'ws')}/webrtcgateway/ws`;
    this.#dial();
  }

  /** Events of a call so far, by its own numbering. */
  eventsOf(session: string): readonly JsonObject[] {
    return this.#events.filter((event) => event.session === session);
  }

  /** Frames about a call as they came, whatever their number. */
  framesOf(session: string): readonly JsonObject[] {
    return this.#frames.filter((frame) => frame.session === session);
  }

  /** Waits for the frame about a call that comes after so many. */
  frameAfter(session: string, count: number): Promise<JsonObject> {
    return this.#until(`frame ${count + 1} of ${session}`, () => this.framesOf(session)[count]);
  }

  /** Waits for a frame that is no event of a call. */
  seen(fits: (frame: JsonObject) => boolean): Promise<JsonObject> {
    return this.#until('such frame', () => this.#others.find(fits));
  }

  /** Waits until a call has been in a state. */
  reaches({ session }: Pick<ProbeCall, 'session'>, state: string): Promise<JsonObject> {
    return this.#until(`state ${state} of ${session}`, () =>
      this.eventsOf(session).find((event) => event.event === 'state' && event.state === state),
    );
  }

  /** Waits until calls were taken over by new sockets so often. */
  async resumed(times: number): Promise<void> {
    await this.#until('resumed call', () => (this.resumes >= times ? true : undefined));
  }

  /** Adds and registers an account, again on each new socket. */
  async signIn(account: ProbeAccount): Promise<void> {
    this.#account = account;
    // A socket that is not open yet introduces itself when it is.
    const socket = this.#socket;
    if (socket?.readyState === WebSocket.OPEN) await this.#introduce(socket);
    await this.seen(({ event, state }) => event === 'registration-state' && state === 'registered');
  }

  /**
   * @param on the only socket that it is for; over any other one when absent
   * @throws Error with the text of the gateway's refusal
   */
  async ask(request: JsonObject, on?: WebSocket): Promise<void> {
    const transaction = randomUUID();
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      if (on !== undefined && on !== this.#socket) throw new Error(`the socket of ${request.sylkrtc} is gone`);
      this.#send({ ...request, transaction });
      const reply = await this.#reply(transaction, Date.now() + repeatMs);
      if (reply?.sylkrtc === 'error') throw new Error(`${request.sylkrtc} was refused: ${reply.error}`);
      if (reply !== undefined) return;
    }
    throw new Error(`${request.sylkrtc} was not answered in ${patienceMs} ms`);
  }

  /**
   * Calls and keeps the call over sockets that fail.
   *
   * @param session its id; that of a call that is over may be used again
   */
  async call(uri: string, sdp: string, session: string = randomUUID()): Promise<ProbeCall> {
    const call = { session, secret: randomUUID() };
    const account = this.#account?.address;
    this.#events = this.#events.filter((event) => event.session !== session);
    this.#calls.push(call);
    await this.ask({ sylkrtc: 'session-create', session, account, uri, sdp, resume: call.secret });
    return call;
  }

  /** Answers a call that came in, and keeps it. */
  async answer(session: string, sdp: string): Promise<ProbeCall> {
    const call = { session, secret: randomUUID() };
    this.#calls.push(call);
    await this.ask({ sylkrtc: 'session-answer', session, sdp, resume: call.secret });
    return call;
  }

  /** The network fails: the socket is gone without a word. */
  lose(): void {
    this.#socket?.terminate();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.close();
  }

  #dial(): void {
    const socket = new WebSocket(this.#url, 'sylkRTC-2', { origin: this.#origin });
    this.#socket = socket;
    this.sockets += 1;
    socket.on('message', (data) => this.#receive(String(data)));
    // A failed handshake ends in `close` as well.
    socket.on('error', () => undefined);
    socket.on('close', () => void this.#again());
    socket.on('open', () => void this.#introduce(socket).catch((error: unknown) => this.faults.push(String(error))));
  }

  async #again(): Promise<void> {
    await sleep(200 + Math.random() * 300);
    if (!this.#isClosed) this.#dial();
  }

  /** Each socket begins anew: what is left to say to one that is gone, its successor says by itself. */
  async #introduce(socket: WebSocket): Promise<void> {
    try {
      if (this.#account !== undefined) await this.#introduceAs(this.#account, socket);
    } catch (error) {
      if (socket === this.#socket) throw error;
    }
  }

  async #introduceAs(account: ProbeAccount, socket: WebSocket): Promise<void> {
    const [user, domain] = account.address.split('@');
    const password = createHash('md5').update(`${user}:${domain}:${account.password}`).digest('hex');
    await this.ask({ sylkrtc: 'account-add', account: account.address, password, device: this.#device }, socket);
    await this.ask({ sylkrtc: 'account-register', account: account.address }, socket);
    const live = this.#calls.filter(({ session }) => this.#isLive(session));
    await Promise.all(live.map((call) => this.#resume(account, call, socket)));
  }

  async #resume({ address }: ProbeAccount, { session, secret }: ProbeCall, socket: WebSocket): Promise<void> {
    const last_event = this.eventsOf(session).length;
    await this.ask({ sylkrtc: 'session-resume', account: address, session, secret, last_event }, socket);
    this.resumes += 1;
  }

  #isLive(session: string): boolean {
    const events = this.eventsOf(session);
    return events.length > 0 && !events.some(({ state }) => state === 'terminated');
  }

  #send(frame: JsonObject): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #receive(text: string): void {
    const frame = parseJson(text);
    if (!isJsonObject(frame)) return;
    if (frame.sylkrtc === 'session-event') this.#frames.push(frame);
    // A call that comes in begins with an event of the account.
    if (frame.event === 'incoming-session') this.#others.push(frame);
    if (typeof frame.seq === 'number') this.#keep(frame, frame.seq);
    // Who ends the calls of an edge that is lost does not know how far that edge had counted.
    else if (frame.sylkrtc === 'session-event' && frame.state === 'terminated') this.#events.push(frame);
    else if (frame.event !== 'incoming-session') this.#others.push(frame);
  }

  /** What came before comes again after a resume; what is missing is asked for by the next one. */
  #keep(event: JsonObject, seq: number): void {
    const known = this.eventsOf(String(event.session)).length;
    if (seq === known + 1) this.#events.push(event);
    else if (seq > known + 1) this.lose();
  }

  async #reply(transaction: string, until: number): Promise<JsonObject | undefined> {
    while (Date.now() < until) {
      const found = this.#others.find((frame) => frame.transaction === transaction);
      if (found !== undefined) return found;
      await sleep(10);
    }
    return undefined;
  }

  async #until<Found>(what: string, look: () => Found | undefined): Promise<Found> {
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#isClosed) throw new Error(`no ${what}: the client was closed`);
      await sleep(10);
    }
    const last = JSON.stringify(this.#others.slice(-5)).slice(-500);
    throw new Error(`no ${what} in ${patienceMs} ms; ${this.sockets} sockets; last came ${last}`);
  }
}
