import { encode } from '@sylk/protocol/codec.ts';
import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import { type Aor, type ConnectionId, type SessionId, type SessionKey, sessionId } from '@sylk/protocol/ids.ts';
import { maxQueuedRequests, maxSessionsPerConnection } from '@sylk/protocol/limits.ts';
import type { IncomingSessionEvent } from '@sylk/protocol/sylkrtc/events/account.ts';
import type { SessionCreate, SessionRequest, SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Signaling } from '../ports/signaling.ts';
import { BrowserSession, type SessionMedia, type SessionSurroundings } from './browser-session.ts';
import { incoming, opened, outgoing } from './core.ts';
import { EarlyRequests } from './early-requests.ts';
import { EndedSessions } from './ended-sessions.ts';
import type { Frame } from './messages.ts';
import { ackOf, errorOf, type KeptReplies, keepReply, replyTo } from './replies.ts';
import { sessionName } from './session-name.ts';
import { refusal, unknownSession } from './state.ts';

/** What becomes of a `session-create`: a leg for the session, or the text of its `error`. */
export type Opening =
  | {
      readonly ok: true;
      readonly media: SessionMedia;
      /** Dials; called once the request is acknowledged. */
      readonly begin: () => void;
    }
  | { readonly ok: false; readonly error: string };

export interface SessionsOptions {
  readonly clock: Clock;
  readonly signaling: Signaling;
  readonly log: Log;
  /** Looks whether the call can be made at all; must not tell the session anything before `begin`. */
  open(session: BrowserSession, request: SessionCreate): Promise<Opening>;
  /** For the ladder: `direction` as seen from the gateway. */
  trace(key: SessionKey, direction: 'fromBrowser' | 'toBrowser', message: SessionRequest | SessionResume | Frame): void;
}

/** A session whose creation is not decided yet, and what came for it in the meantime. */
interface Opened {
  readonly from: Attachment;
  readonly waiting: (() => void)[];
  isLost: boolean;
}

type Waiting = Pick<SessionRequest | SessionResume, 'transaction' | 'session'>;

/** All sessions of this edge, by owner, device and id. */
export class Sessions {
  readonly #live = new Map<string, BrowserSession>();
  /** Requests of sessions whose creation is not decided yet, in order. */
  readonly #opening = new Map<string, Opened>();
  readonly #ended: EndedSessions;
  readonly #early: EarlyRequests;
  readonly #options: SessionsOptions;
  readonly #around: SessionSurroundings;
  /** The last post of each session that has one on its way. */
  readonly #lastPost = new Map<string, Promise<unknown>>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#ended = new EndedSessions(options.clock);
    this.#early = new EarlyRequests(options.clock);
    this.#around = {
      clock: options.clock,
      post: (connection, message) => void this.#post(connection, message),
      forget: (session) => this.#forget(session),
      trace: (session, direction, message) => options.trace(session.key, direction, message),
    };
  }

  /** A session request of a browser; always answered, in the end. */
  request(from: Attachment, request: SessionRequest): void {
    const key = keyOf(from, request.session);
    const name = sessionName(key);
    const opening = this.#opening.get(name);
    const session = this.#live.get(name);
    if (opening) this.#wait(opening, from, request, () => this.request(from, request));
    else if (session) session.request(from, request);
    else if (request.sylkrtc === 'session-create') void this.#create(key, from, request);
    else this.#withoutSession(key, from, request);
  }

  resume(from: Attachment, request: SessionResume): void {
    const key = keyOf(from, request.session);
    const opening = this.#opening.get(sessionName(key));
    const session = this.#live.get(sessionName(key));
    if (opening) this.#wait(opening, from, request, () => this.resume(from, request));
    else if (session) session.resume(from, request);
    else void this.#post(from.connection, errorOf(request.transaction, unknownSession(request.session)));
  }

  connectionLost(connection: ConnectionId): void {
    for (const session of [...this.#live.values()]) {
      if (session.attachment.connection === connection) session.connectionLost();
    }
    for (const opening of this.#opening.values()) {
      if (opening.isLost || opening.from.connection !== connection) continue;
      opening.isLost = true;
      opening.waiting.push(() => this.connectionLost(connection));
    }
  }

  /** Rings at a device: sends `incoming-session` and gives the session that the device now has. */
  ring(
    to: Attachment,
    id: SessionId,
    event: Omit<IncomingSessionEvent, 'sylkrtc' | 'event' | 'account' | 'session'>,
  ): BrowserSession {
    const key = { aor: to.aor, device: to.device, session: id };
    const account = to.account ?? to.aor;
    const begin = incoming(key, to, {
      sylkrtc: 'account-event',
      account,
      event: 'incoming-session',
      session: id,
      ...event,
    });
    const session = new BrowserSession(begin, this.#around);
    this.#live.set(sessionName(key), session);
    return session;
  }

  /** The session of this device, if it is there. */
  find(key: SessionKey): BrowserSession | undefined {
    return this.#live.get(sessionName(key));
  }

  /** Any session of this account with this id, on whatever device. */
  ofAccount(aor: Aor, id: SessionId): readonly BrowserSession[] {
    return [...this.#live.values()].filter(({ key }) => key.aor === aor && key.session === id);
  }

  /** Resolves when all that was sent to these connections so far has arrived, or cannot any more. */
  async delivered(connections: readonly ConnectionId[]): Promise<void> {
    await Promise.all(connections.map((connection) => this.#lastPost.get(connection)));
  }

  /** This edge is not in charge of them any more; their clients have it from signaling, and may have begun anew elsewhere. */
  abandon(): void {
    for (const session of this.#live.values()) session.abandon();
    this.#live.clear();
  }

  get size(): number {
    return this.#live.size;
  }

  /** Opening takes as long as a name server does; what comes in the meantime waits, but not without bound. */
  #wait({ waiting }: Opened, from: Attachment, { transaction, session }: Waiting, proceed: () => void): void {
    if (waiting.length < maxQueuedRequests) waiting.push(proceed);
    else void this.#post(from.connection, errorOf(transaction, `Too many requests wait for session ${session}`));
  }

  async #create(key: SessionKey, from: Attachment, request: SessionCreate): Promise<void> {
    const over = this.#ended.find(key);
    if (over && this.#afterTheEnd(key, over, from, request)) return;
    const waiting: (() => void)[] = [];
    this.#opening.set(sessionName(key), { from, waiting, isLost: false });
    const session = new BrowserSession([outgoing(key, from, typeof request.resume === 'string'), []], this.#around);
    const opening = await this.#tryToOpen(session, request);
    this.#opening.delete(sessionName(key));
    if (opening.ok) this.#begin(session, request, opening);
    else this.#refuse(key, from, request, opening.error);
    for (const next of [...waiting, ...this.#early.take(key)]) next();
  }

  /** Of those that are over only a client that comes back may have to hear: they hinder no new one. */
  #liveOf(connection: ConnectionId): number {
    const live = [...this.#live.values()].filter(
      ({ attachment, state }) => attachment.connection === connection && state !== 'terminated',
    );
    return live.length + [...this.#opening.values()].filter(({ from }) => from.connection === connection).length;
  }

  async #tryToOpen(session: BrowserSession, request: SessionCreate): Promise<Opening> {
    // The one that is being opened counts itself.
    if (this.#liveOf(session.attachment.connection) > maxSessionsPerConnection) return tooMany;
    try {
      return await this.#options.open(session, request);
    } catch (error) {
      this.#options.log.error({ err: error, session: request.session }, 'a session could not be opened');
      return { ok: false, error: 'Internal error' };
    }
  }

  #begin(session: BrowserSession, request: SessionCreate, opening: Opening & { ok: true }): void {
    this.#live.set(sessionName(session.key), session);
    session.attach(opening.media);
    session.apply((data) => opened(data, request.transaction));
    try {
      opening.begin();
    } catch (error) {
      this.#options.log.error({ err: error, session: request.session }, 'a session could not begin');
      session.tell({ kind: 'ended', reason: '500 Server Internal Error' });
    }
  }

  #refuse(key: SessionKey, from: Attachment, request: SessionCreate, error: string): void {
    const reply = errorOf(request.transaction, error);
    this.#ended.add(key, [reply], 'refused');
    const told = this.#post(from.connection, reply);
    void told.then(() => this.#options.signaling.ended([key]));
  }

  /** @returns true when the request has been dealt with: it is a repetition, or came after its own terminate */
  #afterTheEnd(
    key: SessionKey,
    over: { replies: KeptReplies; how: string },
    from: Attachment,
    request: SessionCreate,
  ): boolean {
    const known = replyTo(over.replies, request.transaction);
    if (known) void this.#post(from.connection, known);
    else if (over.how === 'terminatedEarly') this.#absorb(key, over.replies, from, request);
    else return false;
    return true;
  }

  /** The client hung up before its own create arrived: the call is never made. */
  #absorb(key: SessionKey, replies: KeptReplies, from: Attachment, request: SessionCreate): void {
    const ack = ackOf(request.transaction);
    this.#ended.add(key, keepReply(replies, ack), 'ended');
    void this.#post(from.connection, ack);
    const told = this.#post(from.connection, {
      sylkrtc: 'session-event',
      session: key.session,
      event: 'state',
      state: 'terminated',
      reason: '487 Request Terminated',
    });
    void told.then(() => this.#options.signaling.ended([key]));
  }

  /** The session is over, or has not arrived yet: another path may be slower (Lambda keeps no order). */
  #withoutSession(key: SessionKey, from: Attachment, request: SessionRequest): void {
    const over = this.#ended.find(key);
    const giveUp = () => this.#replyUnknown(key, from, request);
    if (over) this.#replyAfterTheEnd(key, over.replies, from, request);
    else this.#early.wait(key, () => this.request(from, request), giveUp);
  }

  #replyAfterTheEnd(key: SessionKey, replies: KeptReplies, from: Attachment, request: SessionRequest): void {
    const situation = { direction: 'outgoing', state: 'terminated', isAnswered: false } as const;
    const error = refusal(request, situation);
    const reply =
      replyTo(replies, request.transaction) ??
      (error === undefined ? ackOf(request.transaction) : errorOf(request.transaction, error));
    this.#ended.keepReply(key, reply);
    void this.#post(from.connection, reply);
  }

  #replyUnknown(key: SessionKey, from: Attachment, request: SessionRequest): void {
    const reply = errorOf(request.transaction, unknownSession(request.session));
    if (request.sylkrtc === 'session-terminate') this.#ended.add(key, [reply], 'terminatedEarly');
    void this.#post(from.connection, reply);
  }

  /** Told once the client has had the last event: signaling then knows the session no more. */
  #forget(session: BrowserSession): void {
    const name = sessionName(session.key);
    this.#live.delete(name);
    this.#ended.add(session.key, session.replies, 'ended');
    const told = this.#lastPost.get(session.attachment.connection) ?? Promise.resolve();
    void told.then(() => this.#options.signaling.ended([session.key]));
  }

  #post(connection: ConnectionId, message: Frame): Promise<unknown> {
    const posted = this.#options.signaling.post(connection, encode(message)).then((outcome) => {
      if (outcome === 'gone') this.connectionLost(connection);
      if (this.#lastPost.get(connection) === posted) this.#lastPost.delete(connection);
    });
    this.#lastPost.set(connection, posted);
    return posted;
  }
}

const tooMany: Opening = {
  ok: false,
  error: `Too many sessions on this connection, at most ${maxSessionsPerConnection} are allowed`,
};

const keyOf = (from: Attachment, session: string): SessionKey => ({
  aor: from.aor,
  device: from.device,
  session: sessionId(session),
});
