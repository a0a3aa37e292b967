import { encode } from '@sylk/protocol/edge/codec.ts';
import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { ReportAnswer } from '@sylk/protocol/edge/reports.ts';
import { leaseLostMs, leaseRenewMs, maxMessageBytes } from '@sylk/protocol/limits.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { backOffMs } from './back-off.ts';
import { LinkSocket } from './link-socket.ts';

export interface LinkLineOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** With a fresh token, for one attempt. */
  url(): string;
  /** Life of the first socket, and of those after it, in ms; lines differ in the first, so they do not end together. */
  readonly firstLifeMs: number;
  readonly lifeMs: number;
  /** Introduces the edge by this socket; rejects when signaling does not take it. */
  hello(via: Send): Promise<void>;
  renew(via: Send): Promise<void>;
  command(command: EdgeCommand): Promise<CommandDone>;
  answer(answer: ReportAnswer): void;
}

export type Send = (text: string) => boolean;

/** How long a socket goes on beside its successor: what is under way on it comes to its end. */
const overlapMs = 5_000;

/** One of the lines to signaling: a socket, and after it the next one. */
export class LinkLine {
  readonly #options: LinkLineOptions;
  /** Has said hello. */
  #ready: LinkSocket | undefined;
  #dialling: LinkSocket | undefined;
  #attempt = 0;
  #lifeMs: number;
  #redial: Timer | undefined;
  #renewal: Timer | undefined;
  #isClosed = false;

  constructor(options: LinkLineOptions) {
    this.#options = options;
    this.#lifeMs = options.firstLifeMs;
  }

  get isUp(): boolean {
    return this.#ready?.isOpen === true;
  }

  readonly send: Send = (text) => {
    if (this.#ready?.isOpen !== true) return false;
    this.#ready.send(text);
    return true;
  };

  dial(): void {
    this.#redial?.cancel();
    if (this.#isClosed || this.#dialling) return;
    this.#dialling = new LinkSocket(this.#options.url(), this.#options.log, {
      opened: (socket) => void this.#introduce(socket),
      command: (socket, command) => {
        this.#take(socket, command).catch((error: unknown) =>
          this.#options.log.error({ command: command.kind, err: error }, 'a command was not answered'),
        );
      },
      answer: (answer) => this.#options.answer(answer),
      closed: (socket, why) => this.#closed(socket, why),
    });
  }

  /** Starts anew, as another generation. */
  restart(): void {
    this.#renewal?.cancel();
    this.#ready?.close();
    this.#ready = undefined;
    this.dial();
  }

  close(): void {
    this.#isClosed = true;
    this.#redial?.cancel();
    this.#renewal?.cancel();
    this.#ready?.close();
    this.#dialling?.close();
  }

  async #introduce(socket: LinkSocket): Promise<void> {
    try {
      await this.#options.hello(sender(socket));
      this.#succeed(socket);
    } catch (error) {
      this.#options.log.error({ err: error }, 'signaling does not take this edge in');
      socket.close();
    }
  }

  #succeed(socket: LinkSocket): void {
    const { clock } = this.#options;
    const old = this.#ready;
    this.#ready = socket;
    this.#dialling = undefined;
    this.#attempt = 0;
    if (old) clock.after(overlapMs, () => old.close());
    clock.after(this.#lifeMs, () => this.#ready === socket && this.dial());
    this.#lifeMs = this.#options.lifeMs;
    this.#renewLater(socket);
  }

  #renewLater(socket: LinkSocket): void {
    this.#renewal?.cancel();
    this.#renewal = this.#options.clock.after(leaseRenewMs, () => void this.#renew(socket));
  }

  async #renew(socket: LinkSocket): Promise<void> {
    try {
      await this.#options.renew(sender(socket));
      if (this.#ready === socket) this.#renewLater(socket);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the lease was not renewed by this link');
      socket.terminate(`no answer for ${leaseLostMs} ms`);
    }
  }

  async #take(socket: LinkSocket, command: EdgeCommand): Promise<void> {
    const done = fitting(await this.#options.command(command));
    if (command.quiet) return;
    if (socket.isOpen) socket.send(done);
    else this.send(done);
  }

  #closed(socket: LinkSocket, why: string): void {
    if (socket !== this.#ready && socket !== this.#dialling) return;
    const { clock, log } = this.#options;
    if (socket === this.#ready) {
      this.#ready = undefined;
      this.#renewal?.cancel();
    } else this.#dialling = undefined;
    if (this.#isClosed || this.#dialling) return;
    const pauseMs = Math.round(backOffMs(this.#attempt, Math.random));
    log.warn({ why, attempt: this.#attempt, pauseMs }, 'a link to signaling is down');
    this.#attempt += 1;
    this.#redial = clock.after(pauseMs, () => this.dial());
  }
}

/** Too long a frame would end the link (API Gateway message quota). */
const fitting = (done: CommandDone): string => {
  const text = encode(done);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxMessageBytes) return text;
  const error = `the answer has ${bytes} bytes, at most ${maxMessageBytes} are allowed`;
  return encode({ kind: 'done', id: done.id, ok: false, error });
};

const sender =
  (socket: LinkSocket): Send =>
  (text) => {
    if (!socket.isOpen) return false;
    socket.send(text);
    return true;
  };
