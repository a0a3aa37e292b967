import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import { idempotencyMs } from '@sylk/protocol/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Does what one kind of command asks; what it gives is the `result` of `done`, what it throws its `error`. */
export type CommandHandlers = {
  readonly [Kind in EdgeCommand['kind']]: (command: Extract<EdgeCommand, { kind: Kind }>) => unknown;
};

/** A command that cannot be carried out; the text is told to signaling. */
export class CommandRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandRefused';
  }
}

export interface CommandsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly handlers: CommandHandlers;
  /** A command that nobody waits for could not be carried out. */
  refused(command: EdgeCommand): Promise<void>;
}

/** Commands of signaling: each id is carried out once, and answered every time. */
export class Commands {
  /** Oldest first. */
  readonly #taken = new Map<string, { readonly at: number; readonly done: Promise<CommandDone> }>();
  readonly #options: CommandsOptions;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  take(command: EdgeCommand): Promise<CommandDone> {
    this.#forgetOld();
    const known = this.#taken.get(command.id);
    if (known) return known.done;
    const done = this.#carryOut(command);
    this.#taken.set(command.id, { at: this.#options.clock.now(), done });
    return done;
  }

  async #carryOut(command: EdgeCommand): Promise<CommandDone> {
    const { id } = command;
    try {
      if (command.ttlMs <= 0) throw new CommandRefused('the command came too late');
      const result = await handle(this.#options.handlers, command);
      return { kind: 'done', id, ok: true, ...(result === undefined ? {} : { result }) };
    } catch (error) {
      if (command.quiet) void this.#options.refused(command);
      if (error instanceof CommandRefused) return { kind: 'done', id, ok: false, error: error.message };
      this.#options.log.error({ command: command.kind, err: error }, 'a command failed unexpectedly');
      return { kind: 'done', id, ok: false, error: 'internal error' };
    }
  }

  #forgetOld(): void {
    const latest = this.#options.clock.now() - idempotencyMs;
    for (const [id, { at }] of this.#taken) {
      if (at > latest && this.#taken.size < maxTaken) return;
      this.#taken.delete(id);
    }
  }
}

/** Ids that are remembered at most. */
const maxTaken = 50_000;

function handle(handlers: CommandHandlers, command: EdgeCommand): unknown {
  switch (command.kind) {
    case 'request':
      return handlers.request(command);
    case 'resume':
      return handlers.resume(command);
    case 'connection-lost':
      return handlers['connection-lost'](command);
    case 'device-ready':
      return handlers['device-ready'](command);
    case 'register-elsewhere':
      return handlers['register-elsewhere'](command);
    case 'unregister-elsewhere':
      return handlers['unregister-elsewhere'](command);
    case 'page':
      return handlers.page(command);
    case 'end':
      return handlers.end(command);
    case 'drain':
      return handlers.drain(command);
    case 'list-calls':
      return handlers['list-calls'](command);
    case 'ladder':
      return handlers.ladder(command);
    case 'probe':
      return handlers.probe(command);
  }
}
