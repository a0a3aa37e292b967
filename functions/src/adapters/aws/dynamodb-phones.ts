import { phonePlace } from '@sylk/protocol/edge/phones.ts';
import { type Aor, aor, edgeId } from '@sylk/protocol/ids.ts';
import { inRingingOrder, type PhoneBinding, type Phones, type RegisterOrigin } from '../../ports/phones.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { type Item, number, text } from './item.ts';
import { keys, prefixes, ttlOf } from './table.ts';

/** Contacts of phones in DynamoDB, beside their account. */
export class DynamoDbPhones implements Phones {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async bind(binding: PhoneBinding, at: number): Promise<boolean> {
    const { place, callId, cseq, claimant, expiresAt } = binding;
    const written = await this.#table.putIf(
      keys.phone(binding.aor, place.key),
      { ...binding, place: JSON.stringify(place), ttl: ttlOf(expiresAt) },
      { condition: mayChange, values: { callId, cseq, at } },
    );
    return written.isDone || (written.stored !== undefined && text(written.stored, 'claimant') === claimant);
  }

  async unbind(aor: Aor, key: string, { callId, cseq }: RegisterOrigin, at: number): Promise<boolean> {
    const written = await this.#table.deleteIf(keys.phone(aor, key), {
      condition: mayChange,
      values: { callId, cseq, at },
    });
    return written.isDone || written.stored === undefined;
  }

  async of(aor: Aor, at: number): Promise<readonly PhoneBinding[]> {
    const items = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk: keys.account(aor).pk, prefix: prefixes.phone },
    });
    return phonesIn(items, at);
  }
}

const mayChange = 'attribute_not_exists(#pk) OR #callId <> :callId OR #cseq < :cseq OR #expiresAt <= :at';

/** The contacts of phones among items of an account, in the order of `of`. */
export const phonesIn = (items: readonly Item[], at: number): readonly PhoneBinding[] =>
  inRingingOrder(
    items.filter((item) => item.sk?.S?.startsWith(prefixes.phone) && number(item, 'expiresAt') > at).map(toBinding),
  );

const toBinding = (item: Item): PhoneBinding => ({
  aor: aor(text(item, 'aor')),
  place: phonePlace.parse(JSON.parse(text(item, 'place'))),
  edge: edgeId(text(item, 'edge')),
  callId: text(item, 'callId'),
  cseq: number(item, 'cseq'),
  claimant: text(item, 'claimant'),
  registeredAt: number(item, 'registeredAt'),
  expiresAt: number(item, 'expiresAt'),
});
