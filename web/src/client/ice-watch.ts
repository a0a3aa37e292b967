import type { Clock, Timer } from './clock.ts';

export interface IceWatchOptions {
  readonly clock: Clock;
  readonly rtc: RTCPeerConnection;
  /** Offers fresh ICE credentials; resolves when they are answered, rejects when they cannot be. */
  restart(): Promise<void>;
  /** The path broke, or is up (again). */
  pathChanged(isUp: boolean): void;
}

/**
 * Restarts ICE (RFC 8445 s. 9) when the media path is lost, and again until it is back: the browser notices
 * most losses itself, the gateway some before it, and a change of network is known at once.
 */
export class IceWatch {
  readonly #options: IceWatchOptions;
  #timer: Timer | undefined;
  #isRestarting = false;
  #isClosed = false;
  #isUp = true;

  constructor(options: IceWatchOptions) {
    this.#options = options;
    options.rtc.addEventListener('iceconnectionstatechange', () => this.#stateChanged());
  }

  /** `true` until it breaks: a path that is not up yet is not lost either. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Somebody else knows that the path is lost. */
  lost(): void {
    this.#restartAfter(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #stateChanged(): void {
    const state = this.#options.rtc.iceConnectionState;
    if (state === 'failed' || state === 'disconnected') this.#become(false);
    if (state === 'failed') this.#restartAfter(0);
    // Often it comes back by itself: a few lost checks are no lost path (RFC 7675 s. 5.1).
    if (state === 'disconnected') this.#restartAfter(patienceMs);
    if (state !== 'connected' && state !== 'completed') return;
    this.#timer?.cancel();
    this.#become(true);
  }

  #become(isUp: boolean): void {
    if (isUp === this.#isUp || this.#isClosed) return;
    this.#isUp = isUp;
    this.#options.pathChanged(isUp);
  }

  #restartAfter(delayMs: number): void {
    if (this.#isClosed || this.#isRestarting) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () => void this.#restart());
  }

  async #restart(): Promise<void> {
    this.#isRestarting = true;
    const retryMs = await this.#options.restart().then(
      () => connectMs,
      () => refusedMs,
    );
    this.#isRestarting = false;
    if (!this.#isClosed) this.#timer = this.#options.clock.after(retryMs, () => this.#restartIfStillLost());
  }

  #restartIfStillLost(): void {
    const state = this.#options.rtc.iceConnectionState;
    if (state !== 'connected' && state !== 'completed') this.#restartAfter(0);
  }
}

const patienceMs = 2_000;
/** How long a new path may take before the next try. */
const connectMs = 8_000;
/** How soon a refused restart is tried again: the call may not be established yet. */
const refusedMs = 3_000;
