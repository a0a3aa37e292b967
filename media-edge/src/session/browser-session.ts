import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { ConnectionId, SessionKey } from '@sylk/protocol/ids.ts';
import type { SessionRequest, SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { next } from './core.ts';
import type { SessionData, SessionStep } from './data.ts';
import type { Frame, SessionAct, SessionEffect, SessionInput, SessionTell } from './messages.ts';
import type { KeptReplies } from './replies.ts';

/** The call's side of a session: the leg that carries out what the client wants. */
export interface SessionMedia {
  /** Why the SDP of this request cannot be used, in words for the client; nothing is changed by asking. */
  problemIn(request: SessionRequest | SessionResume): string | undefined;
  /** Carries an allowed request out. What comes of it is told to the session. */
  act(act: SessionAct): void;
}

export interface SessionSurroundings {
  readonly clock: Clock;
  /** Sends a frame to a browser. */
  post(connection: ConnectionId, message: Frame): void;
  /** Nobody can come back to the session; it is not used any more. */
  forget(session: BrowserSession): void;
  /** What the client asked and was told, for the ladder. */
  trace(
    session: BrowserSession,
    direction: 'fromBrowser' | 'toBrowser',
    message: SessionRequest | SessionResume | Frame,
  ): void;
}

/** A session with its timer and its leg around the pure core. */
export class BrowserSession {
  #data: SessionData;
  #media: SessionMedia | undefined;
  #timer: Timer | undefined;
  #secret: string | undefined;
  #isForgotten = false;
  #isBusy = false;
  readonly #waiting: (() => SessionStep)[] = [];
  readonly #around: SessionSurroundings;

  /** @param begin the session's first data, and what is to be done at once */
  constructor(begin: SessionStep, around: SessionSurroundings) {
    [this.#data] = begin;
    this.#around = around;
    this.#perform(begin[1]);
  }

  get key(): SessionKey {
    return this.#data.key;
  }

  get state(): SessionData['state'] {
    return this.#data.state;
  }

  get attachment(): Attachment {
    return this.#data.attachment;
  }

  get isDetached(): boolean {
    return this.#data.isDetached;
  }

  get replies(): KeptReplies {
    return this.#data.replies;
  }

  /** The client's secret for resuming, as its answer gave it; for `bind` only, never shown. */
  get secret(): string | undefined {
    return this.#secret;
  }

  /** Gives the session its leg. Requests that need one must not come before. */
  attach(media: SessionMedia): void {
    this.#media = media;
  }

  request(from: Attachment, request: SessionRequest): void {
    this.#around.trace(this, 'fromBrowser', request);
    // Only the first answer counts; others are refused below.
    if (request.sylkrtc === 'session-answer' && !this.#data.isAnswered) this.#secret = request.resume ?? undefined;
    this.#take({ kind: 'request', from, request, problem: this.#media?.problemIn(request) });
  }

  resume(from: Attachment, request: SessionResume): void {
    this.#around.trace(this, 'fromBrowser', request);
    this.#take({ kind: 'resume', from, request, problem: this.#media?.problemIn(request) });
  }

  /** Shows the ringing call to a device that came back. */
  ringAgain(to: Attachment): void {
    this.#take({ kind: 'ringAgain', to });
  }

  connectionLost(): void {
    this.#take({ kind: 'connectionLost' });
  }

  /** Nobody hears of it any more, and nothing comes of it. */
  abandon(): void {
    this.#isForgotten = true;
    this.#timer?.cancel();
  }

  tell(tell: SessionTell): void {
    this.#take({ kind: 'tell', tell });
  }

  /** Applies a step that is no input, such as the reply to the creating request. */
  apply(step: (data: SessionData) => SessionStep): void {
    this.#waiting.push(() => step(this.#data));
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let turn = this.#waiting.shift(); turn; turn = this.#waiting.shift()) this.#turn(turn);
    } finally {
      this.#isBusy = false;
    }
  }

  #take(input: SessionInput): void {
    this.apply((data) => (this.#isForgotten ? [data, []] : next(data, input)));
  }

  /** A leg may tell news while it carries an act out; they wait until all effects of this turn are done. */
  #turn(turn: () => SessionStep): void {
    const [data, effects] = turn();
    this.#data = data;
    this.#perform(effects);
  }

  #perform(effects: readonly SessionEffect[]): void {
    for (const effect of effects) this.#performOne(effect);
  }

  #performOne(effect: SessionEffect): void {
    switch (effect.do) {
      case 'post':
        this.#around.trace(this, 'toBrowser', effect.message);
        this.#around.post(effect.connection, effect.message);
        break;
      case 'act':
        this.#media?.act(effect.act);
        break;
      case 'arm':
        this.#arm(effect.ms);
        break;
      case 'disarm':
        this.#timer?.cancel();
        break;
      case 'forget':
        this.#forget();
        break;
    }
  }

  #arm(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#around.clock.after(ms, () => this.#take({ kind: 'timeUp' }));
  }

  #forget(): void {
    if (this.#isForgotten) return;
    this.#isForgotten = true;
    this.#timer?.cancel();
    this.#around.forget(this);
  }
}
