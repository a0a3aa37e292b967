import { randomUUID } from 'node:crypto';
import type { Quota, QuotaAnswer, Quotas } from '../../ports/quotas.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { optionalNumber } from './item.ts';
import { keys, ttlOf } from './table.ts';

/** Counters in DynamoDB. */
export class DynamoDbQuotas implements Quotas {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async take({ kind, windowMs, limit }: Quota, key: string, at: number): Promise<QuotaAnswer> {
    const { window, end } = windowOf(windowMs, at);
    const refused: QuotaAnswer = { granted: false, retryAfterMs: end - at };
    if (limit <= 0) return refused;
    // Names this call, so that it counts once when its answer was lost.
    const usedBy = randomUUID();
    const written = await this.#table.updateIf(keys.quota(kind, key, window), {
      update: 'SET #ttl = :ttl, #usedBy = :usedBy ADD #uses :one',
      condition: 'attribute_not_exists(#uses) OR (#uses < :limit AND #usedBy <> :usedBy)',
      values: { one: 1, limit, usedBy, ttl: ttlOf(end) },
    });
    return written.isDone || written.stored?.usedBy?.S === usedBy ? { granted: true } : refused;
  }

  async look({ kind, windowMs, limit }: Quota, key: string, at: number): Promise<QuotaAnswer> {
    const { window, end } = windowOf(windowMs, at);
    const item = await this.#table.get(keys.quota(kind, key, window));
    const uses = (item && optionalNumber(item, 'uses')) ?? 0;
    return uses < limit ? { granted: true } : { granted: false, retryAfterMs: end - at };
  }
}

/** The window in which a moment lies, and its end; both moments in ms since 1970. */
export const windowOf = (windowMs: number, at: number) => {
  const window = Math.floor(at / windowMs);
  return { window, end: (window + 1) * windowMs };
};
