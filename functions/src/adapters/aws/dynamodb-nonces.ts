import { randomUUID } from 'node:crypto';
import type { Nonces } from '../../ports/nonces.ts';
import { type DynamoDbTable, isAbsent } from './dynamodb-table.ts';
import { keys, ttlOf } from './table.ts';

/** Used-up nonces in DynamoDB. */
export class DynamoDbNonces implements Nonces {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async use(kind: string, nonce: string, expiresAt: number): Promise<boolean> {
    // Names this call, so that it knows itself again when its answer was lost.
    const usedBy = randomUUID();
    const written = await this.#table.putIf(keys.nonce(kind, nonce), { usedBy, ttl: ttlOf(expiresAt) }, isAbsent);
    return written.isDone || written.stored?.usedBy?.S === usedBy;
  }
}
