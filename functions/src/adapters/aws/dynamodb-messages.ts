import { randomUUID } from 'node:crypto';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import {
  type ConversationMarks,
  type HistoryEntry,
  type MessageState,
  type Messages,
  messageStates,
} from '../../ports/messages.ts';
import { type DynamoDbTable, isAbsent, type Written } from './dynamodb-table.ts';
import { type Item, number, text, textList } from './item.ts';
import { keys, prefixes, seqIn } from './table.ts';

/** Histories in DynamoDB: an item for each entry, one for each place, and beside them marks, policies and a key. */
export class DynamoDbMessages implements Messages {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async tail(aor: Aor): Promise<number> {
    const [last] = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk: keys.messagePlace(aor, 0).pk, prefix: prefixes.messagePlace },
      limit: 1,
      isBackwards: true,
    });
    return last === undefined ? 0 : seqIn(text(last, 'sk'));
  }

  async claim(entry: HistoryEntry): Promise<HistoryEntry> {
    const { state = '', disposition, ...values } = entry;
    const item = { ...values, state, rank: rankOf(state), disposition: [...disposition], wanted: disposition.length };
    const written = await this.#table.putIf(keys.message(entry.aor, entry.key), item, isAbsent);
    return written.isDone || written.stored === undefined ? entry : toEntry(written.stored);
  }

  async place(aor: Aor, seq: number, key: string): Promise<boolean> {
    const written = await this.#table.putIf(keys.messagePlace(aor, seq), { key }, isAbsent);
    return written.isDone || (written.stored !== undefined && text(written.stored, 'key') === key);
  }

  async move(aor: Aor, key: string, from: number, to: number): Promise<boolean> {
    const written = await this.#table.updateIf(keys.message(aor, key), {
      condition: '#seq = :from',
      update: 'SET #seq = :to',
      values: { from, to },
    });
    return written.isDone || (written.stored !== undefined && number(written.stored, 'seq') === to);
  }

  async raise(aor: Aor, key: string, state: MessageState, disposition: readonly string[]): Promise<boolean> {
    const rank = rankOf(state);
    const changedBy = randomUUID();
    const written = await this.#table.updateIf(keys.message(aor, key), {
      condition: '#rank < :rank AND #isRemoved = :no',
      update:
        'SET #state = :state, #rank = :rank, #disposition = :disposition, #wanted = :wanted, #changedBy = :changedBy',
      values: { rank, changedBy, state, disposition: [...disposition], wanted: disposition.length, no: false },
    });
    return isOurs(written, changedBy);
  }

  async settle(aor: Aor, key: string, disposition: readonly string[]): Promise<void> {
    await this.#table.updateIf(keys.message(aor, key), {
      condition: '#wanted > :wanted',
      update: 'SET #disposition = :disposition, #wanted = :wanted',
      values: { disposition: [...disposition], wanted: disposition.length },
    });
  }

  async remove(aor: Aor, key: string): Promise<boolean> {
    const changedBy = randomUUID();
    const written = await this.#table.updateIf(keys.message(aor, key), {
      condition: '#isRemoved = :no',
      update: 'SET #isRemoved = :yes, #content = :empty, #changedBy = :changedBy',
      values: { changedBy, no: false, yes: true, empty: '' },
    });
    return isOurs(written, changedBy);
  }

  async withId(aor: Aor, id: string): Promise<readonly HistoryEntry[]> {
    const { pk, sk } = keys.message(aor, JSON.stringify([id]).slice(0, -1));
    const items = await this.#table.query({
      condition: '#pk = :pk AND begins_with(#sk, :prefix)',
      values: { pk, prefix: `${sk},` },
    });
    return items.map(toEntry);
  }

  async page(aor: Aor, after: number, limit: number): Promise<readonly HistoryEntry[]> {
    const { pk, sk: from } = keys.messagePlace(aor, after + 1);
    const { sk: to } = keys.messagePlace(aor, Number.MAX_SAFE_INTEGER);
    const places = await this.#table.query({
      condition: '#pk = :pk AND #sk BETWEEN :from AND :to',
      values: { pk, from, to },
      limit,
    });
    const items = await this.#table.getAll(places.map((place) => keys.message(aor, text(place, 'key'))));
    return items.map(toEntry).sort((one, other) => one.seq - other.seq);
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
}

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
  key: text(item, 'key'),
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
