import type { Attachment, CallLadder, CallRow } from '@sylk/protocol/edge/commands.ts';
import type { Aor, SessionId, SessionKey } from '@sylk/protocol/ids.ts';
import { busyRetryAfterS } from '@sylk/protocol/limits.ts';
import type { SessionCreate } from '@sylk/protocol/sylkrtc/requests.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import { frameEntry } from '../ladder/frame-label.ts';
import type { IncomingInvite } from '../ports/sip-endpoint.ts';
import type { BrowserSession } from '../session/browser-session.ts';
import type { Opening } from '../session/sessions.ts';
import { openFromBrowser } from './from-browser.ts';
import { takeInvite } from './from-sip.ts';
import type { LiveCall } from './live-call.ts';
import type { ExchangeParts } from './parts.ts';
import type { CallsOfEdge } from './transfers.ts';

/** Makes the calls of this edge, finds them again, and ends them. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #calls = new Set<LiveCall>();
  /** Since when no browser's call is taken, in ms since 1970. */
  #refusesFrom = Number.POSITIVE_INFINITY;
  #isDraining = false;

  readonly #ofEdge: CallsOfEdge;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#ofEdge = {
      parts,
      add: (call) => this.#add(call),
      byLeg: (leg) => [...this.#calls].find((call) => call.sideOf(leg) !== undefined),
      bySession: (key) => this.#withSession(key),
    };
    parts.sip.onInvite((invite) => this.#invited(invite));
  }

  get size(): number {
    return this.#calls.size;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  get rows(): readonly CallRow[] {
    return [...this.#calls].map((call) => call.row);
  }

  /**
   * Takes no new calls from now on, and says so to signaling.
   *
   * @param noticeMs how long browsers' calls are still taken: signaling places them by what it last heard of this edge,
   *   while SIP peers find another edge by themselves
   */
  drain(noticeMs = 0): void {
    this.#isDraining = true;
    this.#refusesFrom = Math.min(this.#refusesFrom, this.#parts.clock.now() + noticeMs);
  }

  /** A browser calls. */
  async open(session: BrowserSession, request: SessionCreate): Promise<Opening> {
    const mayTake = this.#parts.clock.now() < this.#refusesFrom && this.#parts.hasLease();
    if (mayTake) return openFromBrowser(this.#parts, session, request, this.#ofEdge);
    return { ok: false, error: 'This server takes no new calls at the moment' };
  }

  /** A device signed in while `session` rings for its account. */
  deviceReady(session: SessionId, to: Attachment): void {
    const key = { aor: to.aor, device: to.device, session };
    const own = this.#parts.sessions.find(key);
    if (own) own.ringAgain(to);
    else if (![...this.#calls].some((call) => call.addDevice(to, session))) void this.#parts.signaling.ended([key]);
  }

  /** @returns false if there is no such session */
  end(key: SessionKey, cause: EndCause): boolean {
    const call = this.#withSession(key);
    call?.end(cause);
    return call !== undefined;
  }

  endAll(cause: EndCause): void {
    for (const call of this.#calls) call.end(cause);
  }

  ladder(aor: Aor, session: SessionId): CallLadder | undefined {
    return this.#parts.ladders.find(aor, session)?.record();
  }

  /** Writes what a browser was told, or asked, into the ladder of its call. */
  trace(key: SessionKey, ...frame: Parameters<typeof frameEntry>): void {
    this.#parts.ladders.find(key.aor, key.session)?.add(frameEntry(...frame));
  }

  #withSession(key: SessionKey): LiveCall | undefined {
    return [...this.#calls].find(({ sessionKeys }) => sessionKeys.some((own) => isSame(own, key)));
  }

  #invited(invite: IncomingInvite): void {
    if (this.#isDraining || !this.#parts.hasLease()) return invite.reject(noNewCalls);
    if (this.#calls.size >= this.#parts.seats.limits.perEdge) return invite.reject(tooManyCalls);
    takeInvite(this.#parts, invite, this.#ofEdge).catch((error: unknown) => {
      this.#parts.log.error({ callId: invite.callId, err: error }, 'a call from SIP could not be taken');
      invite.reject(causeOf(500, 'gateway'));
    });
  }

  #add(call: LiveCall): void {
    this.#calls.add(call);
    call.onGone(() => this.#calls.delete(call));
  }
}

/** A caller that has the names of all edges tries another at once, and this one again later (RFC 3263 s. 4.3). */
const noNewCalls: EndCause = {
  ...causeOf(503, 'gateway', 'this gateway takes no new calls at the moment'),
  retryAfterS: 60,
};

const tooManyCalls: EndCause = {
  ...causeOf(503, 'gateway', 'this gateway has too many calls at the moment'),
  retryAfterS: busyRetryAfterS,
};

const isSame = (one: SessionKey, other: SessionKey): boolean =>
  one.aor === other.aor && one.device === other.device && one.session === other.session;
