import { randomUUID } from 'node:crypto';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { sipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { MarkMove, MissedCall, MissedCalls } from '../../ports/missed-calls.ts';
import { type DynamoDbTable, isAbsent } from './dynamodb-table.ts';
import { type Item, number, text } from './item.ts';
import { keys, prefixes, ttlOf } from './table.ts';

/** Missed calls in DynamoDB: the journal of an account, and beside it the marks of its readers. */
export class DynamoDbMissedCalls implements MissedCalls {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async append({ aor, seq, report, originator, at }: MissedCall): Promise<boolean> {
    const values = { aor, seq, report, originator: JSON.stringify(originator), at };
    const written = await this.#table.putIf(keys.missedCall(aor, seq), values, isAbsent);
    return written.isDone || written.stored?.report?.S === report;
  }

  async newest(aor: Aor, limit: number): Promise<readonly MissedCall[]> {
    const items = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk: keys.missedCall(aor, 0).pk, prefix: prefixes.missedCall },
      limit,
      isBackwards: true,
    });
    return items.map(toMissedCall);
  }

  async drop(aor: Aor, seq: number): Promise<void> {
    await this.#table.delete(keys.missedCall(aor, seq));
  }

  async toldUpTo(aor: Aor, reader: string, at: number): Promise<number | undefined> {
    const item = await this.#table.get(keys.mark(aor, reader));
    return item && number(item, 'expiresAt') > at ? number(item, 'seq') : undefined;
  }

  async moveMark({ aor, reader, from, to, expiresAt }: MarkMove, at: number): Promise<boolean> {
    // Names this call, so that it knows itself again when its answer was lost.
    const movedBy = randomUUID();
    const values = { seq: to, expiresAt, ttl: ttlOf(expiresAt), movedBy };
    const written = await this.#table.putIf(
      keys.mark(aor, reader),
      values,
      from === undefined
        ? { condition: 'attribute_not_exists(#pk) OR #expiresAt <= :at', values: { at } }
        : { condition: '#expiresAt > :at AND #seq = :from', values: { at, from } },
    );
    return written.isDone || written.stored?.movedBy?.S === movedBy;
  }
}

const toMissedCall = (item: Item): MissedCall => ({
  aor: aor(text(item, 'aor')),
  seq: number(item, 'seq'),
  report: text(item, 'report'),
  originator: sipIdentity.parse(JSON.parse(text(item, 'originator'))),
  at: number(item, 'at'),
});
