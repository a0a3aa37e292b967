import { type ConnectionId, edgeId, type SessionId, sessionId } from '@sylk/protocol/ids.ts';
import type { Binding, Bindings } from '../../ports/bindings.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { type Item, number, optionalText, text } from './item.ts';
import { attachmentOf, attachmentValues } from './stored-attachment.ts';
import { keys, prefixes, ttlOf } from './table.ts';

const isFree = 'attribute_not_exists(#pk) OR #expiresAt <= :at';

/** Bindings of connections and sessions in DynamoDB, beside their connection. An id that is barred has no claimant. */
export class DynamoDbBindings implements Bindings {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async bind({ session, from, owner, claimant, expiresAt }: Binding, at: number): Promise<boolean> {
    const { aor, device, epoch } = from;
    const values = { session, aor, device, claimant, expiresAt, ttl: ttlOf(expiresAt), ...attachmentValues(from) };
    const written = await this.#table.putIf(
      keys.binding(from.connection, session),
      { ...values, edge: owner.edge, generation: owner.generation },
      {
        condition: `${isFree} OR #claimant = :claimant OR (#aor = :aor AND #device = :device AND #epoch < :epoch)`,
        values: { at, claimant, aor, device, epoch },
      },
    );
    return written.isDone;
  }

  async find(connection: ConnectionId, session: SessionId, at: number): Promise<Binding | undefined> {
    const item = await this.#table.get(keys.binding(connection, session));
    return item && isBound(item, at) ? toBinding(item) : undefined;
  }

  async release(connection: ConnectionId, session: SessionId, epoch: number): Promise<void> {
    await this.#table.deleteIf(keys.binding(connection, session), { condition: '#epoch <= :epoch', values: { epoch } });
  }

  async bar(connection: ConnectionId, session: SessionId, until: number, at: number): Promise<boolean> {
    const written = await this.#table.putIf(
      keys.binding(connection, session),
      { session, expiresAt: until, ttl: ttlOf(until) },
      { condition: `${isFree} OR attribute_not_exists(#claimant)`, values: { at } },
    );
    return written.isDone;
  }

  async of(connection: ConnectionId, at: number): Promise<readonly Binding[]> {
    const items = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk: keys.connection(connection).pk, prefix: prefixes.binding },
    });
    return bindingsIn(items, at);
  }
}

/** The bindings among items of a connection. */
export const bindingsIn = (items: readonly Item[], at: number): readonly Binding[] =>
  items.filter((item) => item.sk?.S?.startsWith(prefixes.binding) && isBound(item, at)).map(toBinding);

const isBound = (item: Item, at: number): boolean =>
  number(item, 'expiresAt') > at && optionalText(item, 'claimant') !== undefined;

const toBinding = (item: Item): Binding => ({
  session: sessionId(text(item, 'session')),
  from: attachmentOf(item),
  owner: { edge: edgeId(text(item, 'edge')), generation: number(item, 'generation') },
  claimant: text(item, 'claimant'),
  expiresAt: number(item, 'expiresAt'),
});
