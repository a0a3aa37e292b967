import type { CommandDone } from '@sylk/protocol/edge/commands.ts';

/** What edges answered to commands that ask: it may come to another process than the one that waits for it. */
export interface CommandResults {
  /** Keeps an answer by its command's id. The same one again changes nothing. Times in ms since 1970. */
  put(done: CommandDone, expiresAt: number): Promise<void>;
  find(id: string, at: number): Promise<CommandDone | undefined>;
}
