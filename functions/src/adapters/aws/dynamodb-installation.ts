import type { Installation } from '../../ports/installation.ts';
import { type DynamoDbTable, isAbsent } from './dynamodb-table.ts';
import { text } from './item.ts';
import { keys } from './table.ts';

/** What this installation chose once, in DynamoDB. */
export class DynamoDbInstallation implements Installation {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async settle(name: string, value: string): Promise<string> {
    const written = await this.#table.putIf(keys.fact(name), { value }, isAbsent);
    return written.isDone || written.stored === undefined ? value : text(written.stored, 'value');
  }
}
