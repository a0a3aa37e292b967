import type { Timer } from '../client/clock.ts';
import type { Connection } from '../client/connection.ts';
import type { Browser } from './browser.ts';
import type { PhoneSnapshot, PlaceProblem } from './snapshot.ts';

export interface PlaceState {
  readonly place: PlaceProblem | undefined;
  readonly link: PhoneSnapshot['link'];
}

/** What cannot work here at all, before anything is connected. */
export function hopelessPlace({ isSecure, hasWebRtc, media }: Browser): 'insecure' | 'unsupported' | undefined {
  if (!isSecure) return 'insecure';
  return hasWebRtc && media !== undefined ? undefined : 'unsupported';
}

/** Follows the connection and the network, and says what of them a person must know. */
export class PlaceWatch {
  readonly #browser: Browser;
  readonly #connection: Connection;
  readonly #changed: (state: PlaceState) => void;
  readonly #forgetNetwork: () => void;
  #timer: Timer | undefined;
  #isServerGone = false;
  #wasOnline = false;
  #hasMicrophone = true;

  constructor(browser: Browser, connection: Connection, changed: (state: PlaceState) => void) {
    this.#browser = browser;
    this.#connection = connection;
    this.#changed = changed;
    this.#forgetNetwork = browser.network.onChanged(() => this.#tell());
    connection.on('stateChanged', (_old, state) => {
      if (state === 'ready') this.#up();
      else this.#down();
    });
    this.#down();
  }

  /** The devices that there are have been looked up. */
  showMicrophone(hasMicrophone: boolean): void {
    this.#hasMicrophone = hasMicrophone;
    this.#tell();
  }

  close(): void {
    this.#forgetNetwork();
    this.#timer?.cancel();
  }

  #up(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#isServerGone = false;
    this.#wasOnline = true;
    this.#tell();
  }

  #down(): void {
    this.#timer ??= this.#browser.clock.after(goneAfterMs, () => {
      this.#isServerGone = true;
      this.#tell();
    });
    this.#tell();
  }

  #tell(): void {
    const isOnline = this.#browser.network.isOnline();
    const isReady = this.#connection.state === 'ready';
    const waiting = this.#wasOnline ? 'reconnecting' : 'connecting';
    this.#changed({
      place: this.#problem(isOnline, isReady),
      link: isReady ? 'online' : isOnline ? waiting : 'offline',
    });
  }

  #problem(isOnline: boolean, isReady: boolean): PlaceProblem | undefined {
    if (!isReady && !isOnline) return 'offline';
    if (!isReady && this.#isServerGone) return 'server-gone';
    return this.#hasMicrophone ? undefined : 'no-microphone';
  }
}

/** A restart of the server is over before this; what takes longer is worth a word. */
const goneAfterMs = 8_000;
