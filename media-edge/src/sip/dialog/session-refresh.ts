import type { Core } from 'sip.js';
import type { Clock } from '../../ports/clock.ts';
import type { GatewayCore } from '../gateway-core.ts';
import type { SipTimers } from '../sip-timers.ts';
import type { RequestPath } from '../transport/request-path.ts';
import { refreshTarget } from './remote-target.ts';
import {
  answerInterval,
  type IntervalLimits,
  intervalHeaders,
  intervalOfAnswer,
  type SessionInterval,
} from './session-interval.ts';
import { SessionTimer } from './session-timer.ts';
import { sendUpdate } from './update-request.ts';

export interface SessionRefreshOptions {
  readonly gateway: GatewayCore;
  readonly path: RequestPath;
  readonly session: Core.Session;
  readonly role: 'uac' | 'uas';
  readonly made: Core.IncomingMessage;
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** Refreshes by a re-INVITE, where the peer does not know UPDATE. */
  readonly reoffer: () => void;
  readonly onLost: (code: number) => void;
  readonly onExpired: () => void;
}

/** What a 2xx of ours says of the interval, and that it has begun. */
export interface AgreedInterval {
  readonly headers: readonly string[];
  readonly begin: () => void;
}

/** The session timer of one dialog (RFC 4028), whoever refreshes. */
export class SessionRefresh {
  readonly #options: SessionRefreshOptions;
  readonly #limits: IntervalLimits;
  readonly #timer: SessionTimer;
  readonly #knowsUpdate: boolean;

  constructor(options: SessionRefreshOptions) {
    const { made, role, clock, timers, onExpired } = options;
    this.#options = options;
    this.#limits = { wantedS: timers.sessionS, leastS: timers.leastSessionS };
    this.#timer = new SessionTimer({ clock, refresh: () => this.#refresh(), expire: onExpired });
    this.#knowsUpdate = made.getHeaders('allow').some((value) => /\bUPDATE\b/.test(value));
    this.#timer.begin(role === 'uac' ? intervalOfAnswer(made) : this.#agreedWith(made));
  }

  /** For a re-INVITE or UPDATE of ours. */
  get headers(): readonly string[] {
    const { agreed } = this.#timer;
    return agreed === undefined ? [] : intervalHeaders(this.#limits, agreed);
  }

  /** A request of ours has been accepted. */
  accepted(message: Core.IncomingMessage): void {
    if (this.#timer.agreed !== undefined) this.#timer.begin(intervalOfAnswer(message));
  }

  /** What to answer to a request of the peer; `undefined` when it has been refused for its interval. */
  answerTo(request: Core.IncomingRequest): AgreedInterval | undefined {
    const answer = answerInterval(request.message, this.#limits);
    if (answer.kind === 'refuse') {
      request.reject({ statusCode: 422, extraHeaders: [`Min-SE: ${answer.leastS}`] });
      return undefined;
    }
    return { headers: answer.headers, begin: () => this.#timer.begin(answer.interval) };
  }

  close(): void {
    this.#timer.stop();
  }

  #agreedWith(invite: Core.IncomingMessage): SessionInterval | undefined {
    const answer = answerInterval(invite, this.#limits);
    return answer.kind === 'agree' ? answer.interval : undefined;
  }

  #refresh(): void {
    const { gateway, path, session, reoffer } = this.#options;
    if (!this.#knowsUpdate) return reoffer();
    const refused = ({ message }: Core.IncomingResponse) => this.#refused(message.statusCode ?? 0);
    gateway.within(path, () =>
      sendUpdate(gateway, session, this.headers, {
        onAccept: ({ message }) => {
          refreshTarget(session, message);
          this.accepted(message);
        },
        onReject: refused,
        onRedirect: refused,
      }),
    );
  }

  /** RFC 4028 s. 10: what is no proof of the peer's end is tried by a re-INVITE; else the expiry decides. */
  #refused(code: number): void {
    if (code === 481 || code === 408) this.#options.onLost(code);
    else this.#options.reoffer();
  }
}
