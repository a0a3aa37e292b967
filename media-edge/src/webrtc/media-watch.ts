import { mediaSetupMs } from '@sylk/protocol/limits.ts';
import type { EndCause } from '../call/end-cause.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { BrowserTransport } from '../ports/sfu.ts';
import type { Trace } from '../ports/sip-endpoint.ts';
import { dtlsFailed, iceFailed, workerDied } from './hang-up.ts';

export interface MediaWatchOptions {
  readonly transport: BrowserTransport;
  readonly clock: Clock;
  readonly trace: Trace;
  onUp(): void;
  onLost(): void;
  /** The transport is of no use any more. */
  onFailed(cause: EndCause): void;
}

/** Watches one browser's ICE and DTLS from the moment when both sides know each other's descriptions. */
export class MediaWatch {
  readonly #options: MediaWatchOptions;
  #timer: Timer | undefined;
  #isStarted = false;
  #isUp = false;
  #isStopped = false;

  constructor(options: MediaWatchOptions) {
    this.#options = options;
    options.transport.onState((state, detail) => this.#changed(state, detail));
    options.transport.onClosed((reason) => this.#failed(workerDied(reason)));
  }

  /** The descriptions are exchanged. What came before, if the browser was faster, is told now. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (this.#isUp) this.#options.onUp();
    else this.#timer = this.#options.clock.after(mediaSetupMs, () => this.#failed(iceFailed));
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #changed(state: 'up' | 'lost' | 'failed', detail: string): void {
    if (this.#isStopped) return;
    this.#options.trace({ from: 'browser', to: 'media', label: labels[state], detail });
    if (state === 'failed') this.#failed(dtlsFailed(detail));
    else if (state === 'up') this.#up();
    else this.#lost();
  }

  #up(): void {
    this.#timer?.cancel();
    this.#isUp = true;
    if (this.#isStarted) this.#options.onUp();
  }

  #lost(): void {
    this.#isUp = false;
    if (this.#isStarted) this.#options.onLost();
  }

  #failed(cause: EndCause): void {
    if (this.#isStopped) return;
    this.stop();
    this.#options.trace({ from: 'media', to: 'gateway', label: cause.phrase, detail: cause.detail });
    this.#options.onFailed(cause);
  }
}

const labels = { up: 'ICE and DTLS connected', lost: 'ICE or DTLS lost', failed: 'DTLS failed' } as const;
