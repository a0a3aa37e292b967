import {
  knownRequestsBurst,
  knownRequestsPerSecond,
  sourceRequestsBurst,
  sourceRequestsPerSecond,
  strangerRequestsBurst,
  strangerRequestsPerSecond,
} from '@sylk/protocol/limits.ts';
import type { Core } from 'sip.js';
import { sourceNetwork } from '../../network/source-network.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Bucket, full, leftIn, type Rate, take } from './token-bucket.ts';

/** Sources that are remembered. */
const maxSources = 20_000;

/** Limits what strangers may ask of us in a time. What is over the limit gets no answer: it would only feed the flood. */
export class SourceGate {
  readonly #clock: Clock;
  readonly #isTrusted: (address: string) => boolean;
  readonly #isKnown: (address: string) => boolean;
  readonly #buckets = new Map<string, Bucket>();
  /** Of all strangers together: forged sources are new ones each time. */
  #all: Bucket;

  /**
   * @param isTrusted true for the operator's own networks, which are not limited
   * @param isKnown true for peers that are registered or in a call: they may send more, and are not counted with the strangers
   */
  constructor(
    clock: Clock,
    isTrusted: (address: string) => boolean,
    isKnown: (address: string) => boolean = () => false,
  ) {
    this.#clock = clock;
    this.#isTrusted = isTrusted;
    this.#isKnown = isKnown;
    this.#all = full(strangersRate, clock.now());
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** True if this source may have one more request looked at. */
  admits(address: string): boolean {
    if (this.#isTrusted(address)) return true;
    const now = this.#clock.now();
    const source = sourceNetwork(address);
    if (this.#take(source, sourceRate, now) && this.#admitsOneMore(now)) return true;
    // Only asked about who would be refused: it takes longer to say.
    return this.#isKnown(address) && this.#take(`known ${source}`, knownRate, now);
  }

  /** True while nothing that this source asks would be looked at: it need not even be read. */
  isShut(address: string): boolean {
    const source = sourceNetwork(address);
    const bucket = this.#buckets.get(source);
    if (bucket === undefined || leftIn(bucket, this.#clock.now(), sourceRate) >= 1) return false;
    return !this.#isTrusted(address) && !this.#isKnown(address);
  }

  #take(key: string, rate: Rate, now: number): boolean {
    const { isGranted, bucket } = take(this.#buckets.get(key) ?? full(rate, now), now, rate);
    // Put anew, so that the first in the map is the one that was quiet for longest.
    this.#buckets.delete(key);
    this.#forgetOldest();
    this.#buckets.set(key, bucket);
    return isGranted;
  }

  #admitsOneMore(now: number): boolean {
    const { isGranted, bucket } = take(this.#all, now, strangersRate);
    this.#all = bucket;
    return isGranted;
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= maxSources && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

const sourceRate: Rate = { burst: sourceRequestsBurst, perSecond: sourceRequestsPerSecond };
const knownRate: Rate = { burst: knownRequestsBurst, perSecond: knownRequestsPerSecond };
const strangersRate: Rate = { burst: strangerRequestsBurst, perSecond: strangerRequestsPerSecond };

/** Tools that look for open gateways; any answer tells them that there is one. */
export const isScanner = (message: Core.IncomingRequestMessage): boolean =>
  scanners.test(message.getHeader('user-agent') ?? '') || scanners.test(message.getHeader('from') ?? '');

const scanners = /friendly-scanner|sipvicious|sip-?scan|sipcli|sundayddr|vaxsip|iwar|pplsip|sipptk|sivus|smap\b/i;
