import { type CommandDone, commandDone } from '@sylk/protocol/edge/commands.ts';
import type { CommandResults } from '../../ports/command-results.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { number, text } from './item.ts';
import { keys, ttlOf } from './table.ts';

/** Answers of edges in DynamoDB: the function that gets one is not the one that waits for it. */
export class DynamoDbCommandResults implements CommandResults {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async put(done: CommandDone, expiresAt: number): Promise<void> {
    const values = { done: JSON.stringify(done), expiresAt, ttl: ttlOf(expiresAt) };
    await this.#table.put(keys.commandResult(done.id), values);
  }

  async find(id: string, at: number): Promise<CommandDone | undefined> {
    const item = await this.#table.get(keys.commandResult(id));
    return item && number(item, 'expiresAt') > at ? commandDone.parse(JSON.parse(text(item, 'done'))) : undefined;
  }
}
