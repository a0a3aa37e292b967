import { randomUUID } from 'node:crypto';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import {
  type ConversationMarks,
  type HistoryEntry,
  type Meant,
  type MessageState,
  type Messages,
  messageStates,
  seqOfNote,
} from '../../ports/messages.ts';
import { type DynamoDbTable, isAbsent, type Written } from './dynamodb-table.ts';
import { type Item, number, text, textList, type Values } from './item.ts';
import { keys, prefixes, seqIn } from './table.ts';

/** Histories in DynamoDB: an item for each entry, one for each place, and beside them marks, policies and a key. */
export class DynamoDbMessages implements Messages {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  tail(aor: Aor): Promise<number> {
    return tailOf(this.#table, aor);
  }

  async claim(entry: HistoryEntry): Promise<HistoryEntry> {
    const written = await this.#table.putIf(keys.message(entry.aor, entry.id), valuesOf(entry), isAbsent);
    return written.isDone || written.stored === undefined ? entry : toEntry(written.stored);
  }

  async place(aor: Aor, seq: number, id: string): Promise<boolean> {
    return this.#take(aor, seq, { id });
  }

  append(entry: HistoryEntry): Promise<boolean> {
    return this.#take(entry.aor, entry.seq, { ...valuesOf(entry), isWhole: true, id: entry.id });
  }

  async move(aor: Aor, id: string, from: number, to: number): Promise<boolean> {
    const written = await this.#table.updateIf(keys.message(aor, id), {
      condition: '#seq = :from',
      update: 'SET #seq = :to',
      values: { from, to },
    });
    return written.isDone || (written.stored !== undefined && number(written.stored, 'seq') === to);
  }

  async raise(aor: Aor, meant: Meant, state: MessageState, disposition: readonly string[]): Promise<boolean> {
    const { id, direction, contact } = meant;
    const rank = rankOf(state);
    const changedBy = randomUUID();
    const wanted = disposition.length;
    const values = { rank, changedBy, state, disposition: [...disposition], wanted, no: false, direction, contact };
    const written = await this.#table.updateIf(keys.message(aor, id), {
      condition: `${isMeant} AND #rank < :rank AND #isRemoved = :no`,
      update:
        'SET #state = :state, #rank = :rank, #disposition = :disposition, #wanted = :wanted, #changedBy = :changedBy',
      values,
    });
    return isOurs(written, changedBy);
  }

  async settle(aor: Aor, { id, direction, contact }: Meant, disposition: readonly string[]): Promise<void> {
    await this.#table.updateIf(keys.message(aor, id), {
      condition: `${isMeant} AND #wanted > :wanted`,
      update: 'SET #disposition = :disposition, #wanted = :wanted',
      values: { disposition: [...disposition], wanted: disposition.length, direction, contact },
    });
  }

  async remove(aor: Aor, { id, direction, contact }: Meant): Promise<boolean> {
    const changedBy = randomUUID();
    const written = await this.#table.updateIf(keys.message(aor, id), {
      condition: `${isMeant} AND #isRemoved = :no`,
      update: 'SET #isRemoved = :yes, #content = :empty, #changedBy = :changedBy',
      values: { changedBy, no: false, yes: true, empty: '', direction, contact },
    });
    return isOurs(written, changedBy);
  }

  async find(aor: Aor, id: string): Promise<HistoryEntry | undefined> {
    const seq = seqOfNote(id);
    const [message, place] = await Promise.all([
      this.#table.get(keys.message(aor, id)),
      seq === undefined ? undefined : this.#table.get(keys.messagePlace(aor, seq)),
    ]);
    if (message !== undefined) return toEntry(message);
    return place?.isWhole?.BOOL === true && text(place, 'id') === id ? toEntry(place) : undefined;
  }

  async page(aor: Aor, after: number, limit: number): Promise<readonly HistoryEntry[]> {
    const { pk, sk: from } = keys.messagePlace(aor, after + 1);
    const { sk: to } = keys.messagePlace(aor, Number.MAX_SAFE_INTEGER);
    const places = await this.#table.query({
      condition: '#pk = :pk AND #sk BETWEEN :from AND :to',
      values: { pk, from, to },
      limit,
    });
    const apart = places.filter((place) => place.isWhole?.BOOL !== true);
    const items = await this.#table.getAll(apart.map((place) => keys.message(aor, text(place, 'id'))));
    const whole = places.filter((place) => place.isWhole?.BOOL === true);
    return [...items, ...whole].map(toEntry).sort((one, other) => one.seq - other.seq);
  }

  async marks(aor: Aor): Promise<readonly ConversationMarks[]> {
    const items = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk: keys.conversationMarks(aor, '').pk, prefix: prefixes.conversationMarks },
    });
    return items.map((item) => ({
      contact: text(item, 'contact'),
      readUpTo: item.readUpTo === undefined ? 0 : number(item, 'readUpTo'),
      removedUpTo: item.removedUpTo === undefined ? 0 : number(item, 'removedUpTo'),
    }));
  }

  async raiseMark(aor: Aor, contact: string, mark: 'readUpTo' | 'removedUpTo', seq: number): Promise<void> {
    await this.#table.updateIf(keys.conversationMarks(aor, contact), {
      condition: 'attribute_not_exists(#mark) OR #mark < :seq',
      update: 'SET #mark = :seq, #contact = :contact',
      names: { mark },
      values: { seq, contact },
    });
  }

  async publicKey(aor: Aor): Promise<string | undefined> {
    const item = await this.#table.get(keys.publicKey(aor));
    return item && text(item, 'publicKey');
  }

  async setPublicKey(aor: Aor, publicKey: string): Promise<void> {
    await this.#table.put(keys.publicKey(aor), { publicKey });
  }

  async #take(aor: Aor, seq: number, values: Values & { readonly id: string }): Promise<boolean> {
    const written = await this.#table.putIf(keys.messagePlace(aor, seq), values, isAbsent);
    return written.isDone || (written.stored !== undefined && text(written.stored, 'id') === values.id);
  }
}

/** The last place taken, 0 for none. */
export const tailOf = async (table: DynamoDbTable, aor: Aor): Promise<number> => {
  const [last] = await table.query({
    condition: '#pk = :pk AND begins_with(#sk, :prefix)',
    values: { pk: keys.messagePlace(aor, 0).pk, prefix: prefixes.messagePlace },
    limit: 1,
    isBackwards: true,
  });
  return last === undefined ? 0 : placeIn(last);
};

/** Items of an account whose last ones are read: whether one is a place, and which. */
export const isPlace = (item: Item): boolean => item.sk?.S?.startsWith(prefixes.messagePlace) === true;
export const placeIn = (item: Item): number => seqIn(text(item, 'sk'));

const isMeant = '#direction = :direction AND #contact = :contact';

const valuesOf = ({ state, disposition, ...values }: HistoryEntry): Values => ({
  ...values,
  state: state ?? '',
  rank: rankOf(state ?? ''),
  disposition: [...disposition],
  wanted: disposition.length,
});

/** A change whose answer was lost finds its own name. */
const isOurs = (written: Written, changedBy: string): boolean =>
  written.isDone || written.stored?.changedBy?.S === changedBy;

/** What has no state that rises is above all of them. */
const rankOf = (state: string): number => {
  const ranked: readonly string[] = messageStates;
  const rank = ranked.indexOf(state);
  return rank < 0 ? messageStates.length : rank;
};

const toEntry = (item: Item): HistoryEntry => ({
  aor: aor(text(item, 'aor')),
  seq: number(item, 'seq'),
  id: text(item, 'id'),
  contact: text(item, 'contact'),
  direction: directions.find((known) => known === text(item, 'direction')) ?? '',
  contentType: text(item, 'contentType'),
  content: text(item, 'content'),
  timestamp: text(item, 'timestamp'),
  storedAt: number(item, 'storedAt'),
  state: entryStates.find((known) => known === text(item, 'state')),
  disposition: textList(item, 'disposition'),
  isRemoved: item.isRemoved?.BOOL === true,
});

const directions = ['incoming', 'outgoing'] as const;
const entryStates = [...messageStates, 'received'] as const;
