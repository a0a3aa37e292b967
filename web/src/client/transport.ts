import { BackOff } from './back-off.ts';
import type { Clock, Timer } from './clock.ts';
import type { Socket } from './environment.ts';
import { Heartbeat } from './heartbeat.ts';
import { Link } from './link.ts';
import type { ServerMessage } from './wire.ts';

/**
 * Keeps one socket to the gateway open:
 *
 *     null -> connecting -> connected -> ready -> disconnected -> connecting ...      close(): closed
 *
 * A socket that has been open for long is renewed before the platform ends it: the next one is opened and
 * used (`promote`) before the old one is closed, and nobody above sees a change of state.
 */
export type ConnectionState = null | 'connecting' | 'connected' | 'ready' | 'disconnected' | 'closed';

export interface TransportOptions {
  readonly clock: Clock;
  openSocket(): Socket;
  readonly connectDelayMs: number;
  readonly renewAfterMs: number;
  /** Whether now is a good moment to renew; asked again soon if not. */
  mayRenew(): boolean;
  readonly pingAnswerMs: number;
  pingIntervalMs(): number;
}

export interface TransportListener {
  stateChanged(from: ConnectionState, to: ConnectionState): void;
  /** A socket is open; `isRenewal` when another one still works and waits for `promote`. */
  opened(link: Link, isRenewal: boolean): void;
  received(link: Link, message: ServerMessage): void;
  lost(link: Link): void;
  /** Send a ping on this link. */
  pingDue(link: Link): void;
}

export class Transport {
  readonly #options: TransportOptions;
  readonly #listener: TransportListener;
  readonly #backOff = new BackOff();
  readonly #renewalBackOff = new BackOff();
  readonly #heartbeat: Heartbeat;
  #state: ConnectionState = null;
  #current: Link | undefined;
  #next: Link | undefined;
  #attempt: Timer | undefined;
  #renewal: Timer | undefined;

  constructor(options: TransportOptions, listener: TransportListener) {
    this.#options = options;
    this.#listener = listener;
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      intervalMs: options.pingIntervalMs,
      answerMs: options.pingAnswerMs,
      ping: () => this.#current && this.#listener.pingDue(this.#current),
      died: () => this.#current?.close(),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The socket that is in use, if it is open. */
  get current(): Link | undefined {
    return this.#current?.isOpen ? this.#current : undefined;
  }

  start(): void {
    this.#connectAfter(this.#options.connectDelayMs);
  }

  /** Does not wait for the rest of the back-off. Only when disconnected. */
  reconnect(): void {
    if (this.#state === 'disconnected') this.#connectAfter(this.#options.connectDelayMs);
  }

  /** Changes to a fresh socket: beside the one that works, or at once when there is none. */
  renew(): void {
    if (this.#state === 'disconnected') this.#connectAfter(0);
    if (this.#current?.isOpen && this.#next === undefined) this.#next = this.#open();
  }

  /** The renewing socket has taken everything over: the old one goes. */
  promote(link: Link): void {
    if (link !== this.#next) return;
    const old = this.#current;
    this.#take(link);
    old?.close();
  }

  /** The gateway has shown on this link that it is ready. */
  confirmReady(link: Link): void {
    if (link === this.#current && this.#state === 'connected') this.#enter('ready');
  }

  /** A request was sent: its answer is a sign of life to wait for. */
  expectsAnswer(): void {
    if (this.current) this.#heartbeat.expectsAnswer();
  }

  /** The ping interval has changed. */
  refreshPing(): void {
    if (this.current) this.#heartbeat.heard();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#attempt?.cancel();
    this.#renewal?.cancel();
    this.#heartbeat.stop();
    const links = [this.#next, this.#current];
    this.#next = this.#current = undefined;
    for (const link of links) link?.close();
    if (this.#state !== 'disconnected') this.#enter('disconnected');
    this.#enter('closed');
  }

  #connectAfter(delayMs: number): void {
    this.#attempt?.cancel();
    this.#attempt = this.#options.clock.after(delayMs, () => {
      this.#enter('connecting');
      this.#current = this.#open();
    });
  }

  #open(): Link {
    const link = new Link(this.#options.openSocket(), {
      opened: (opened) => this.#opened(opened),
      received: (from, message) => this.#received(from, message),
      lost: (lost) => this.#lost(lost),
    });
    // A network that swallows everything would hold the attempt for minutes.
    this.#options.clock.after(openWithinMs, () => link.isOpen || link.close());
    return link;
  }

  #opened(link: Link): void {
    const isRenewal = link === this.#next;
    if (!isRenewal) {
      this.#backOff.reset();
      this.#take(link);
      this.#enter('connected');
    }
    this.#listener.opened(link, isRenewal);
  }

  #take(link: Link): void {
    this.#current = link;
    if (this.#next === link) this.#next = undefined;
    this.#heartbeat.heard();
    this.#renewalBackOff.reset();
    this.#renewAfter(this.#options.renewAfterMs);
  }

  #renewAfter(delayMs: number): void {
    this.#renewal?.cancel();
    this.#renewal = this.#options.clock.after(delayMs, () => {
      if (this.#options.mayRenew()) this.renew();
      else this.#renewAfter(retryRenewalMs);
    });
  }

  #received(link: Link, message: ServerMessage): void {
    if (link === this.#current) this.#heartbeat.heard();
    this.#listener.received(link, message);
  }

  #lost(link: Link): void {
    if (link === this.#next) {
      this.#next = undefined;
      // Right after a change of network there is often no route yet, and the old socket may be dead unnoticed.
      this.#renewAfter(this.#renewalBackOff.next());
    } else if (link === this.#current) {
      this.#loseCurrent();
    }
    this.#listener.lost(link);
  }

  #loseCurrent(): void {
    this.#heartbeat.stop();
    this.#renewal?.cancel();
    const next = this.#next;
    if (next?.isOpen) return this.#take(next);
    this.#current = undefined;
    this.#enter('disconnected');
    if (next === undefined) return this.#connectAfter(this.#backOff.next());
    // The renewal under way becomes the attempt to connect.
    this.#next = undefined;
    this.#enter('connecting');
    this.#current = next;
  }

  #enter(state: ConnectionState): void {
    const from = this.#state;
    this.#state = state;
    this.#listener.stateChanged(from, state);
  }
}

const openWithinMs = 10_000;
const retryRenewalMs = 30_000;
