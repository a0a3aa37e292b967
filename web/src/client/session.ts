import type { Timer } from './clock.ts';
import { secret as newSecret, uuid } from './identifiers.ts';
import type { Link } from './link.ts';
import type { Reply } from './pending-requests.ts';
import { type NumberedEvent, SessionInbox } from './session-inbox.ts';
import { SessionRequests } from './session-requests.ts';
import type { ResumeOffer, SessionHost, SessionListener, SessionStart } from './session-types.ts';
import type { IncomingSessionEvent, SessionEvent, SessionRequest } from './wire.ts';

/**
 * One call's share of the wire, whatever becomes of the sockets under it:
 *
 *     attach(link): nothing sent yet ----------------------------> open
 *                   session-resume --ack--> replay, repeat ------> open
 *                                  --Unknown session--> never claimed: create again / wait for the next announcement
 *                                                       claimed before: over
 *
 * "Claimed" means that the gateway has shown that it holds our secret: `session-create` or `session-answer`
 * was acknowledged, or an event that can only follow it has come.
 */
export class Session {
  readonly id: string;
  readonly account: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly secret: string;
  readonly #host: SessionHost;
  readonly #requests: SessionRequests;
  readonly #inbox: SessionInbox;
  #listener: SessionListener | undefined;
  #claim: 'none' | 'sent' | 'made' = 'none';
  #offer: Promise<ResumeOffer | undefined> | undefined;
  #resuming: Link | undefined;
  #isOver = false;
  #isEnding = false;
  #waitTimer: Timer | undefined;

  constructor(start: SessionStart, host: SessionHost) {
    this.id = start.id;
    this.account = start.account;
    this.direction = start.direction;
    this.secret = start.restored?.secret ?? newSecret();
    this.#host = host;
    this.#offer = start.restored?.offer;
    this.#claim = start.restored ? 'made' : 'none';
    this.#inbox = new SessionInbox(start.restored?.lastEvent ?? start.announcedAs ?? 0, {
      clock: host.clock,
      handOut: (event) => this.#handOut(event),
      acknowledge: (seq) => this.#acknowledge(seq),
      askAgain: () => this.#attachAgain(),
    });
    this.#requests = new SessionRequests({
      clock: host.clock,
      knowsRepeats: () => host.canResume,
      send: (link, request, transaction) => host.send(link, request, transaction),
      sent: (request) => this.#sent(request),
      answered: (request, reply) => this.#answered(request, reply),
    });
  }

  get lastEvent(): number {
    return this.#inbox.last;
  }

  /** It rings here and nobody has answered: a lost socket cannot be made good by a resume. */
  get isRinging(): boolean {
    return this.direction === 'incoming' && this.#claim === 'none';
  }

  /** An outgoing call of which an event has come: its end will be one too, whatever becomes of a request. */
  get hasBegun(): boolean {
    return this.#inbox.last > 0;
  }

  listen(listener: SessionListener): void {
    this.#listener = listener;
  }

  /** After `terminate` nothing is sent any more. */
  request(request: SessionRequest, transaction = uuid()): Promise<Reply> {
    if (this.#isEnding) return Promise.resolve({ ok: false, error: 'the session is ending', isLost: true });
    return this.#requests.request(request, transaction);
  }

  /** A new session speaks on this link from the start. */
  begin(link: Link): void {
    this.#requests.open(link);
  }

  /** Ends the session; what has not left yet never will. */
  terminate(code?: number): void {
    if (this.#isOver || this.#isEnding) return;
    this.#isEnding = true;
    this.#requests.drop('the session is ending');
    if (this.direction === 'outgoing' && this.#claim === 'none') this.#finish();
    else this.#sendTerminate(code);
  }

  /** Makes this link speak for the session; resolves when it does, or when it cannot. */
  async attach(link: Link): Promise<void> {
    if (this.#isOver) return;
    if (this.#claim === 'none') this.#attachUnclaimed(link);
    else if (this.#host.canResume) await this.#takeOver(link);
    else this.#vanish();
  }

  /** A socket is gone. */
  lose(link: Link): void {
    if (this.#requests.link !== link) return;
    this.#requests.pause();
    if (this.isRinging && !this.#isEnding) this.#awaitAnnouncement(ringingWithoutSocketMs);
  }

  /** `incoming-session` for a session that is here already. */
  announce(incoming: IncomingSessionEvent, link: Link): void {
    if (this.#isOver || link === this.#requests.link || this.#claim === 'made') return;
    this.#waitTimer?.cancel();
    this.#resuming = undefined;
    this.#inbox.restart(incoming.seq ?? 0);
    if (!this.#isEnding) this.#requests.drop('the session was announced again', { inFlight: true });
    this.#claim = 'none';
    this.#requests.open(link);
    this.#listener?.announced(incoming);
  }

  /** An event came on some link. */
  deliver(event: SessionEvent, link: Link): void {
    if (this.#isOver) return;
    if (event.event === 'replaced') this.#replaced(event, link);
    else this.#inbox.take(event);
  }

  /** The connection was closed for good. */
  close(): void {
    if (!this.#isOver) this.#vanish('connection closed');
  }

  #sendTerminate(code: number | undefined): void {
    void this.#requests
      .request({ sylkrtc: 'session-terminate', session: this.id, ...(code !== undefined && { code }) })
      .then((reply) => {
        if (reply.ok) this.#wait(lingerMs, () => this.#finish());
        else this.#finish();
      });
  }

  #attachUnclaimed(link: Link): void {
    if (this.direction === 'outgoing') this.#requests.open(link);
    else this.#awaitAnnouncement();
  }

  async #takeOver(link: Link): Promise<void> {
    const previous = this.#requests.link;
    this.#resuming = link;
    this.#requests.pause();
    const outcome = await this.#resumeOn(link);
    if (this.#resuming !== link || this.#isOver) return;
    this.#resuming = undefined;
    if (outcome === 'resumed') this.#resumed(link);
    else if (outcome === 'unknown') this.#unknown(link);
    else if (outcome === 'refused') this.#vanish();
    else if (previous?.isOpen) await this.attach(previous);
  }

  async #resumeOn(link: Link): Promise<'resumed' | 'unknown' | 'refused' | 'lost'> {
    for (let attempt = 0; attempt < resumeAttempts; attempt++) {
      const reply = await this.#resume(link);
      if (reply?.ok) return 'resumed';
      if (reply?.isLost) return 'lost';
      if (reply?.error.startsWith('Unknown session')) return 'unknown';
      await this.#pause(retryResumeMs);
      if (this.#resuming !== link || !link.isOpen) return 'lost';
    }
    return 'refused';
  }

  /** @returns `undefined` when no answer comes */
  async #resume(link: Link): Promise<Reply | undefined> {
    const { id: session, account, secret } = this;
    const offer = await this.#offer;
    const request = { sylkrtc: 'session-resume', account, session, secret, last_event: this.#inbox.last } as const;
    const reply = this.#host.send(link, offer ? { ...request, sdp: offer.sdp } : request, offer?.transaction);
    return Promise.race([reply, this.#pause(resumeAnswerMs)]);
  }

  #resumed(link: Link): void {
    this.#offer = undefined;
    this.#claim = 'made';
    this.#requests.open(link);
    this.#listener?.resumed();
  }

  /** The gateway has no such session with our secret. */
  #unknown(link: Link): void {
    if (this.#claim === 'made') this.#vanish();
    else if (this.#isEnding) this.#finish();
    else this.#attachUnclaimed(link);
  }

  #awaitAnnouncement(withinMs = announceMs): void {
    this.#wait(withinMs, () => this.#vanish('487 Request Terminated'));
  }

  #sent(request: SessionRequest): void {
    if (this.#claim === 'none' && isClaim(request)) this.#claim = 'sent';
  }

  #answered(request: SessionRequest, reply: Reply): void {
    if (isClaim(request) && reply.ok) this.#claim = 'made';
    // A refused call never was one, unless it had begun and what was refused was only the repetition.
    if (request.sylkrtc === 'session-create' && !reply.ok && !this.hasBegun) this.#finish();
  }

  #handOut(event: NumberedEvent): void {
    if (this.direction === 'outgoing' || (event.event === 'state' && event.state === 'accepted')) this.#claim = 'made';
    this.#listener?.received(event);
    if (event.event === 'state' && event.state === 'terminated') this.#finish();
  }

  #acknowledge(seq: number): void {
    const { link } = this.#requests;
    if (link !== undefined) void this.#host.send(link, { sylkrtc: 'session-ack', session: this.id, seq });
  }

  #replaced(event: SessionEvent, link: Link): void {
    // On a link that no longer speaks for the session it is only the echo of our own resume.
    if (link !== this.#requests.link) return;
    this.#listener?.received(event);
    this.#finish();
  }

  async #attachAgain(): Promise<void> {
    const { link } = this.#requests;
    if (link !== undefined && this.#claim === 'made') await this.attach(link);
  }

  #vanish(reason = '481 Call Does Not Exist'): void {
    if (this.#isOver) return;
    this.#listener?.received({
      sylkrtc: 'session-event',
      session: this.id,
      event: 'state',
      state: 'terminated',
      reason,
    });
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waitTimer?.cancel();
    this.#inbox.close();
    this.#requests.drop('the session is over', { inFlight: true });
    this.#host.ended(this.id);
  }

  #wait(delayMs: number, act: () => void): void {
    this.#waitTimer?.cancel();
    this.#waitTimer = this.#host.clock.after(delayMs, act);
  }

  #pause(delayMs: number): Promise<undefined> {
    return new Promise((resolve) => this.#host.clock.after(delayMs, () => resolve(undefined)));
  }
}

const isClaim = (request: SessionRequest): boolean =>
  request.sylkrtc === 'session-create' || request.sylkrtc === 'session-answer';

const resumeAttempts = 5;
const resumeAnswerMs = 8_000;
const retryResumeMs = 2_000;
/** How long a call that rang before the socket was lost may take to ring again. */
const announceMs = 5_000;
/** How long it goes on ringing while there is no socket: the gateway's own grace. */
const ringingWithoutSocketMs = 60_000;
/** How long `terminated` may take after the acknowledged end. */
const lingerMs = 5_000;
/** How long a hang-up waits for the gateway's `terminated` before the call counts as over here. */
export const hangUpMs = 300;
