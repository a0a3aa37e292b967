import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeLoad, ReportResults } from '@sylk/protocol/edge/reports.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { leaseLostMs, socketRenewMs } from '@sylk/protocol/limits.ts';
import { type Hmac, mintLinkToken } from '@sylk/protocol/link-token.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { LinkLine, type Send } from './link-line.ts';
import { Reports } from './reports.ts';

export interface EdgeLinkOptions {
  /** `ws://127.0.0.1:8080/edge/v1` */
  readonly url: string;
  readonly edge: EdgeId;
  readonly version: string;
  readonly hmac: Hmac;
  /** Random, fit for ids and nonces. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  load(): EdgeLoad;
  command(command: EdgeCommand): Promise<CommandDone>;
  /** Signaling has taken the edge in; again after each new link. */
  onHello(hello: ReportResults['hello']): void;
  /** Signaling gave this generation up: its sessions are over. A new one begins by itself. */
  onLost(): void;
}

/** While one socket is renewed, or breaks, the other one carries on. */
const lineCount = 2;

/** The link to signaling: staggered sockets, a lease that is renewed on each, and reports that survive both. */
export class EdgeLink {
  readonly reports: Reports;
  readonly #options: EdgeLinkOptions;
  readonly #lines: readonly LinkLine[];
  #generation: number;
  /** -Infinity while this life is not known to signaling. */
  #renewedAt = -Infinity;
  /** Who waits to hear whether this life goes on. */
  #waiting: ((isInCharge: boolean) => void)[] = [];

  constructor(options: EdgeLinkOptions) {
    const { clock, newId } = options;
    this.#options = options;
    this.#generation = clock.now();
    this.reports = new Reports({ clock, newId, send: (text) => this.#lines.some((line) => line.send(text)) });
    this.#lines = Array.from({ length: lineCount }, (_, index) => this.#line(index));
  }

  /** Names this life of the edge: ms since 1970 when it began. */
  get generation(): number {
    return this.#generation;
  }

  get isUp(): boolean {
    return this.#lines.some((line) => line.isUp);
  }

  /** False once signaling may have declared this edge lost: it takes nothing new then. */
  get hasLease(): boolean {
    return this.#options.clock.now() - this.#renewedAt < leaseLostMs;
  }

  /**
   * Resolves once it is known whether a life of this edge goes on: at once while it holds its lease. A process that
   * stood still for long may be declared lost without knowing it, and its calls may be told to be over.
   */
  isInCharge(generation: number): Promise<boolean> {
    if (generation !== this.#generation || this.hasLease) return Promise.resolve(generation === this.#generation);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  open(): void {
    for (const line of this.#lines) line.dial();
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  #line(index: number): LinkLine {
    const { clock, log, command } = this.#options;
    return new LinkLine({
      clock,
      log,
      command,
      firstLifeMs: (socketRenewMs * (index + 1)) / lineCount,
      lifeMs: socketRenewMs,
      url: () => this.#url(),
      hello: (via) => this.#hello(via),
      renew: (via) => this.#renew(via),
      answer: (answer) => this.reports.answered(answer),
    });
  }

  #url(): string {
    const { url, edge, hmac, newId, clock } = this.#options;
    const at = new URL(url);
    at.searchParams.set('token', mintLinkToken(edge, newId(), clock.now(), hmac));
    return at.href;
  }

  async #hello(via: Send): Promise<void> {
    const { edge, version, load, clock, onHello } = this.#options;
    const askedAt = clock.now();
    const generation = this.#generation;
    const report = { kind: 'hello', edge, generation, version, load: load() } as const;
    const hello = await this.reports.send(report, { withinMs: leaseLostMs, via });
    // A life that has begun only now cannot be lost; an older one has to ask, for a greeting does not revive it.
    if (this.#renewedAt === -Infinity) this.#renewed(askedAt);
    else await this.#renew(via);
    if (generation !== this.#generation) throw new Error(`generation ${generation} is over, another one begins`);
    onHello(hello);
    this.reports.sendWaiting();
  }

  async #renew(via: Send): Promise<void> {
    const { edge, load, clock } = this.#options;
    const generation = this.#generation;
    // The answer may be read long after it came; signaling counts from the question at the earliest.
    const askedAt = clock.now();
    const { lost } = await this.reports.send(
      { kind: 'renew', edge, generation, load: load() },
      { withinMs: leaseLostMs, via },
    );
    if (generation !== this.#generation) return;
    if (lost) this.#startAnew();
    else this.#renewed(askedAt);
  }

  /** @param at ms since 1970 */
  #renewed(at: number): void {
    this.#renewedAt = Math.max(this.#renewedAt, at);
    if (this.hasLease) this.#tellWaiting(true);
  }

  #tellWaiting(isInCharge: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const tell of waiting) tell(isInCharge);
  }

  #startAnew(): void {
    this.#options.log.error(
      { generation: this.#generation },
      'signaling declared this edge lost, its sessions are over',
    );
    this.#generation = Math.max(this.#options.clock.now(), this.#generation + 1);
    this.#renewedAt = -Infinity;
    this.#tellWaiting(false);
    this.#options.onLost();
    for (const line of this.#lines) line.restart();
  }
}
