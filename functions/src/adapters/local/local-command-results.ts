import type { CommandDone } from '@sylk/protocol/edge/commands.ts';
import type { CommandResults } from '../../ports/command-results.ts';

/** On one machine the process that asked gets the answer, so nothing has to outlive it. */
export class LocalCommandResults implements CommandResults {
  readonly #kept = new Map<string, { readonly done: CommandDone; readonly expiresAt: number }>();

  async put(done: CommandDone, expiresAt: number): Promise<void> {
    this.#kept.set(done.id, { done, expiresAt });
  }

  async find(id: string, at: number): Promise<CommandDone | undefined> {
    const kept = this.#kept.get(id);
    return kept !== undefined && kept.expiresAt > at ? kept.done : undefined;
  }

  /** Deletes what expired before `at` (ms since 1970). */
  clean(at: number): void {
    for (const [id, { expiresAt }] of this.#kept) if (expiresAt <= at) this.#kept.delete(id);
  }
}
