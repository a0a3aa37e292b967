import { reportResult } from '@sylk/protocol/edge/codec.ts';
import type { EdgeReport, ReportAnswer, ReportResults } from '@sylk/protocol/edge/reports.ts';
import { reportRetryMs } from '@sylk/protocol/limits.ts';
import type { Clock, Timer } from '../ports/clock.ts';

type Kind = EdgeReport['kind'];

/** A report before it has an id. */
export type Report<Of extends Kind> = Omit<Extract<EdgeReport, { kind: Of }>, 'id'> & { readonly kind: Of };

export interface ReportsOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  /** Sends a frame by a link that is up. @returns false if none is */
  send(text: string): boolean;
}

interface Pending {
  readonly via: (text: string) => boolean;
  readonly text: string;
  readonly settle: (answer: ReportAnswer) => void;
  readonly fail: (error: Error) => void;
  readonly deadline: Timer | undefined;
  retry: Timer | undefined;
}

export interface HowToSend {
  readonly withinMs?: number;
  /** @returns false if it cannot send now */
  readonly via?: (text: string) => boolean;
}

/** Signaling did not answer, or refused. */
export class ReportFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReportFailed';
  }
}

/** Reports on their way: repeated with the same id until they are answered, whichever link they go by. */
export class Reports {
  readonly #pending = new Map<string, Pending>();
  readonly #options: ReportsOptions;

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#pending.size;
  }

  /**
   * Sends a report and waits for its answer.
   *
   * @param how within which time, left out for as long as it takes; and by which link, left out for any
   * @throws ReportFailed when signaling refuses it, or does not answer in time
   */
  async send<Of extends Kind>(report: Report<Of>, how: HowToSend = {}): Promise<ReportResults[Of]> {
    const { withinMs, via = this.#options.send } = how;
    const id = this.#options.newId();
    const { promise, resolve, reject } = Promise.withResolvers<ReportAnswer>();
    const late = () =>
      this.#take(id)?.fail(new ReportFailed(`signaling did not answer ${report.kind} in ${withinMs} ms`));
    const deadline = withinMs === undefined ? undefined : this.#options.clock.after(withinMs, late);
    const pending = {
      text: JSON.stringify({ ...report, id }),
      settle: resolve,
      fail: reject,
      via,
      deadline,
      retry: undefined,
    };
    this.#pending.set(id, pending);
    this.#try(pending);
    const answer = await promise;
    if (answer.ok) return reportResult(report.kind, answer.result);
    throw new ReportFailed(answer.error);
  }

  answered(answer: ReportAnswer): void {
    this.#take(answer.id)?.settle(answer);
  }

  /** A link came up: whatever waits goes out now. */
  sendWaiting(): void {
    for (const pending of this.#pending.values()) this.#try(pending);
  }

  #try(pending: Pending): void {
    pending.retry?.cancel();
    const wasSent = pending.via(pending.text);
    pending.retry = wasSent ? this.#options.clock.after(reportRetryMs, () => this.#try(pending)) : undefined;
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.retry?.cancel();
    pending?.deadline?.cancel();
    return pending;
  }
}
