import { isIPv6 } from 'node:net';
import { strangerRequestsBurst, strangerRequestsPerSecond } from '@sylk/protocol/limits.ts';
import type { Core } from 'sip.js';
import type { Clock } from '../ports/clock.ts';

/** Out-of-dialog requests that one source may send: so many at once, and so many more each second. */
const burst = 60;
const perSecond = 10;
const maxSources = 20_000;

/** Limits what strangers may ask of us in a time. What is over the limit gets no answer: it would only feed the flood. */
export class SourceGate {
  readonly #clock: Clock;
  readonly #isTrusted: (address: string) => boolean;
  readonly #buckets = new Map<string, Bucket>();
  /** Of all strangers together: forged sources are new ones each time. */
  #all: Bucket;

  constructor(clock: Clock, isTrusted: (address: string) => boolean) {
    this.#clock = clock;
    this.#isTrusted = isTrusted;
    this.#all = { left: strangerRequestsBurst, at: clock.now() };
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** True if this source may have one more request looked at. */
  admits(address: string): boolean {
    if (this.#isTrusted(address)) return true;
    const source = sourceOf(address);
    const now = this.#clock.now();
    const left = refilled(this.#buckets.get(source) ?? { left: burst, at: now }, now, { burst, perSecond });
    // Put anew, so that the first in the map is the one that was quiet for longest.
    this.#buckets.delete(source);
    this.#forgetOldest();
    this.#buckets.set(source, { left: Math.max(0, left - 1), at: now });
    return left >= 1 && this.#admitsOneMore(now);
  }

  #admitsOneMore(now: number): boolean {
    const rate = { burst: strangerRequestsBurst, perSecond: strangerRequestsPerSecond };
    const left = refilled(this.#all, now, rate);
    this.#all = { left: Math.max(0, left - 1), at: now };
    return left >= 1;
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= maxSources && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

interface Bucket {
  readonly left: number;
  readonly at: number;
}

const refilled = ({ left, at }: Bucket, now: number, rate: { burst: number; perSecond: number }): number =>
  Math.min(rate.burst, left + ((now - at) / 1000) * rate.perSecond);

const prefixOf = (address: string): string => {
  const [head = ''] = address.split('::');
  return [...head.split(':'), '0', '0', '0', '0'].slice(0, 4).join(':');
};

/** A customer has a whole /64 of IPv6 addresses. */
const sourceOf = (address: string): string => (isIPv6(address) ? prefixOf(address) : address);

/** Tools that look for open gateways; any answer tells them that there is one. */
export const isScanner = (message: Core.IncomingRequestMessage): boolean =>
  scanners.test(message.getHeader('user-agent') ?? '') || scanners.test(message.getHeader('from') ?? '');

const scanners = /friendly-scanner|sipvicious|sip-?scan|sipcli|sundayddr|vaxsip|iwar|pplsip|sipptk|sivus|smap\b/i;
