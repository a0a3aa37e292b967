/** Session timers (RFC 4028): what the headers say, and what the two sides agree on. Without a clock. */
import type { Core } from 'sip.js';

export interface SessionInterval {
  readonly intervalS: number;
  /** Who refreshes: we or the peer. */
  readonly refresher: 'us' | 'peer';
}

export interface IntervalLimits {
  /** What we ask for, in s. */
  readonly wantedS: number;
  /** The least that we take, in s (RFC 4028 s. 4: 90). */
  readonly leastS: number;
}

/** What we answer to a request that may carry a timer. */
export type IntervalAnswer =
  | { readonly kind: 'refuse'; readonly leastS: number }
  | { readonly kind: 'agree'; readonly interval: SessionInterval | undefined; readonly headers: readonly string[] };

interface SessionExpires {
  readonly intervalS: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** Reads `1800;refresher=uac`. */
export function parseSessionExpires(text: string | undefined): SessionExpires | undefined {
  const match = /^\s*(\d{1,9})\s*(;.*)?$/.exec(text ?? '');
  if (match === null) return undefined;
  const refresher = /;\s*refresher\s*=\s*(uac|uas)\b/i.exec(match[2] ?? '')?.[1]?.toLowerCase();
  return {
    intervalS: Number(match[1]),
    refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined,
  };
}

export const hasOption = (message: Core.IncomingMessage, header: string, option: string): boolean =>
  message.getHeaders(header).some((value) => value.split(',').some((tag) => tag.trim().toLowerCase() === option));

/** For a request of ours. @param agreed what holds now, in mid-call */
export function intervalHeaders(limits: IntervalLimits, agreed?: SessionInterval): readonly string[] {
  const refresher = agreed === undefined ? '' : `;refresher=${agreed.refresher === 'us' ? 'uac' : 'uas'}`;
  return [`Session-Expires: ${agreed?.intervalS ?? limits.wantedS}${refresher}`, `Min-SE: ${limits.leastS}`];
}

/** RFC 4028 s. 7.2: what the 2xx to a request of ours says. */
export function intervalOfAnswer(message: Core.IncomingMessage): SessionInterval | undefined {
  const asked = parseSessionExpires(message.getHeader('session-expires'));
  if (asked === undefined || asked.intervalS === 0) return undefined;
  return { intervalS: asked.intervalS, refresher: asked.refresher === 'uas' ? 'peer' : 'us' };
}

/** RFC 4028 s. 9: what we answer to an INVITE or UPDATE of the peer. */
export function answerInterval(message: Core.IncomingMessage, limits: IntervalLimits): IntervalAnswer {
  const asked = parseSessionExpires(message.getHeader('session-expires'));
  const isKnown = hasOption(message, 'supported', 'timer') || hasOption(message, 'require', 'timer');
  if (asked === undefined && !isKnown) return { kind: 'agree', interval: undefined, headers: [] };
  if (asked !== undefined && asked.intervalS < limits.leastS) {
    // Who does not know timers would not understand 422: the least that we take is its interval then.
    if (isKnown) return { kind: 'refuse', leastS: limits.leastS };
  }
  const leastS = Math.max(limits.leastS, Number(/^\s*(\d{1,9})/.exec(message.getHeader('min-se') ?? '')?.[1] ?? 0));
  const intervalS = Math.max(leastS, Math.min(asked?.intervalS ?? limits.wantedS, limits.wantedS));
  const isPeers = isKnown && asked?.refresher === 'uac';
  const interval: SessionInterval = { intervalS, refresher: isPeers ? 'peer' : 'us' };
  const headers = [`Session-Expires: ${intervalS};refresher=${isPeers ? 'uac' : 'uas'}`];
  return { kind: 'agree', interval, headers: isKnown ? [...headers, 'Require: timer'] : headers };
}

/** RFC 4028 s. 6: the interval that a 422 wants. @returns `undefined` when it says none, or more than a day */
export function intervalAfter422(message: Core.IncomingMessage): number | undefined {
  const leastS = Number(/^\s*(\d{1,9})/.exec(message.getHeader('min-se') ?? '')?.[1] ?? 0);
  return leastS > 0 && leastS <= 86_400 ? leastS : undefined;
}

/** The peer wants signs of life more often than we give them (RFC 4028 s. 6). */
export class IntervalTooSmall extends Error {
  readonly leastS: number;
  constructor(leastS: number) {
    super(`a session needs an interval of ${leastS} s at least`);
    this.name = 'IntervalTooSmall';
    this.leastS = leastS;
  }
}

/** @throws IntervalTooSmall */
export function requireInterval(message: Core.IncomingMessage, limits: IntervalLimits): void {
  const answer = answerInterval(message, limits);
  if (answer.kind === 'refuse') throw new IntervalTooSmall(answer.leastS);
}
