import { encode } from '@sylk/protocol/edge/codec.ts';
import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { ConnectionId, EdgeId } from '@sylk/protocol/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommandResults } from '../../ports/command-results.ts';
import { type EdgeLink, EdgeUnreachable } from '../../ports/edge-link.ts';
import type { EdgeRecord, Edges } from '../../ports/edges.ts';
import type { FrameSender } from '../../ports/frame-sender.ts';
import type { Log } from '../../ports/log.ts';

/** What is known of edges without asking the store each time. */
interface Directory {
  list(): Promise<readonly EdgeRecord[]>;
  forget(): void;
}

export interface EdgeSenderOptions {
  readonly edges: Edges;
  readonly results: CommandResults;
  readonly directory: Directory;
  /** The connections of the edges' API. */
  readonly connections: Pick<FrameSender, 'post'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** An edge whose sockets were all cut dials again; somebody who waits for an answer waits so long for that, in ms. */
const dialWaitMs = 3_000;
const lookAgainMs = 200;
/** How long an edge may take to answer a command that asks, in ms, and how often its answer is looked for. */
const answerWaitMs = 5_000;
const firstPollMs = 50;
const longestPollMs = 200;
/** How long an edge may take to confirm what is handed over again otherwise, in ms. */
const repeatMs = 700;

/** The way to edges whose sockets end at API Gateway: a command is taken once it is handed to a socket. */
export class EdgeSender implements EdgeLink {
  readonly #options: EdgeSenderOptions;

  constructor(options: EdgeSenderOptions) {
    this.#options = options;
  }

  isLinked({ sockets }: EdgeRecord): boolean {
    return sockets.length > 0;
  }

  async send(edge: EdgeId, command: EdgeCommand): Promise<CommandDone> {
    if (isUnrepeated(command)) return this.#insist(edge, command);
    const isAsking = asks(command);
    await this.#deliver(edge, isAsking ? command : { ...command, quiet: true });
    if (!isAsking) return { kind: 'done', id: command.id, ok: true };
    const done = await this.#answer(command, answerWaitMs);
    if (done === undefined) throw new EdgeUnreachable(edge);
    return done;
  }

  /** A socket that is half open takes everything and delivers nothing, so it is handed over again until the edge has it. */
  async #insist(edge: EdgeId, command: EdgeCommand): Promise<CommandDone> {
    const { clock, directory } = this.#options;
    const until = clock.now() + Math.min(command.ttlMs, answerWaitMs);
    while (clock.now() < until) {
      await this.#deliver(edge, command);
      const done = await this.#answer(command, repeatMs);
      if (done !== undefined) return done;
      directory.forget();
    }
    throw new EdgeUnreachable(edge);
  }

  async #deliver(edge: EdgeId, command: EdgeCommand): Promise<void> {
    const { clock, directory } = this.#options;
    const isNews = command.kind === 'connection-lost';
    const until = clock.now() + (isNews ? 0 : Math.min(command.ttlMs, dialWaitMs));
    for (;;) {
      if (await this.#post(edge, command)) return;
      if (clock.now() >= until) throw new EdgeUnreachable(edge);
      // What was read may be older than the edge's newest socket.
      directory.forget();
      await clock.sleep(lookAgainMs);
    }
  }

  /** Tries the sockets, newest first. @returns whether one took it */
  async #post(edge: EdgeId, command: EdgeCommand): Promise<boolean> {
    const record = (await this.#options.directory.list()).find((one) => one.edge === edge);
    for (const socket of record?.sockets.toReversed() ?? []) {
      const delivery = await this.#postTo(socket, command);
      if (delivery === 'sent') return true;
      if (delivery === 'gone') await this.#forget(edge, socket);
    }
    return false;
  }

  async #postTo(socket: ConnectionId, command: EdgeCommand): Promise<'sent' | 'gone' | 'failed'> {
    try {
      return await this.#options.connections.post(socket, encode(command));
    } catch (error) {
      this.#options.log.warn({ err: error, command: command.kind }, 'a command could not be handed over');
      return 'failed';
    }
  }

  async #forget(edge: EdgeId, socket: ConnectionId): Promise<void> {
    const { edges, directory } = this.#options;
    await edges.removeSocket(edge, socket);
    directory.forget();
  }

  /** @returns undefined when none comes in `waitMs` */
  async #answer({ id, ttlMs }: EdgeCommand, waitMs: number): Promise<CommandDone | undefined> {
    const { clock, results } = this.#options;
    const until = clock.now() + Math.min(ttlMs, waitMs);
    for (let pauseMs = firstPollMs; clock.now() < until; pauseMs = Math.min(2 * pauseMs, longestPollMs)) {
      await clock.sleep(pauseMs);
      const done = await results.find(id, clock.now());
      if (done !== undefined) return done;
    }
    return undefined;
  }
}

/** A client repeats what was not answered; that a device is there is said once, and a call waits for it. */
const isUnrepeated = ({ kind }: EdgeCommand): boolean => kind === 'device-ready';

/** Whether somebody reads what the edge answers. */
const asks = ({ kind }: EdgeCommand): boolean => kind === 'list-calls' || kind === 'ladder' || kind === 'probe';
