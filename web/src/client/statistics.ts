import type { Clock, Timer } from './clock.ts';
import { EventEmitter } from './event-emitter.ts';
import { uuid } from './identifiers.ts';
import { type SortedStats, sortStats } from './sorted-stats.ts';

/** What flowed over one peer connection in the last second. */
export interface StatsSample {
  readonly event: 'stats';
  readonly tag: 'stats';
  /** Id of the call. */
  readonly peerId: string;
  /** Another one for each peer connection of the call. */
  readonly connectionId: string;
  readonly data: SortedStats;
}

export interface StatisticsEvents {
  stats: [sample: StatsSample];
}

/** The browser's counters of a call, every second while somebody listens. */
export class Statistics extends EventEmitter<StatisticsEvents> {
  readonly #peerId: string;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #watched: RTCPeerConnection | undefined;

  constructor(peerId: string, clock: Clock) {
    super();
    this.#peerId = peerId;
    this.#clock = clock;
  }

  /** For the call: this peer connection carries its media from now on. */
  watch(rtc: RTCPeerConnection): void {
    this.close();
    this.#watched = rtc;
    this.#schedule(rtc, uuid());
  }

  close(): void {
    this.#watched = undefined;
    this.#timer?.cancel();
  }

  #schedule(rtc: RTCPeerConnection, connectionId: string, before?: RTCStatsReport): void {
    this.#timer = this.#clock.after(everyMs, () => void this.#look(rtc, connectionId, before));
  }

  async #look(rtc: RTCPeerConnection, connectionId: string, before: RTCStatsReport | undefined): Promise<void> {
    const now = this.listenerCount('stats') > 0 ? await rtc.getStats() : undefined;
    if (this.#watched !== rtc) return;
    this.#schedule(rtc, connectionId, now);
    if (now === undefined) return;
    const data = sortStats(now, before);
    this.emit('stats', { event: 'stats', tag: 'stats', peerId: this.#peerId, connectionId, data });
  }
}

const everyMs = 1_000;
