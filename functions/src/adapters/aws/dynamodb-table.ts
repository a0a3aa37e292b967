import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Item, text, toItem, type Values } from './item.ts';
import { untilAnswered } from './retries.ts';
import type { IndexName, ItemKey } from './table.ts';

/**
 * A condition, a change or a query in DynamoDB's words. Every `#name` stands for the attribute of that name, unless
 * `names` says otherwise, and every `:name` for one of `values`.
 */
export interface Expression {
  readonly condition: string;
  readonly values?: Values;
  readonly names?: Readonly<Record<string, string>>;
}

export interface Change extends Expression {
  /** `SET ...`, `REMOVE ...`, `ADD ...`, `DELETE ...` */
  readonly update: string;
}

/** What became of a conditional write. */
export type Written =
  | { readonly isDone: true; readonly before: Item | undefined }
  /** Perhaps because an earlier try was carried out although its answer was lost: `stored` shows it. */
  | { readonly isDone: false; readonly stored: Item | undefined };

export interface Query extends Expression {
  readonly limit?: number;
  readonly isBackwards?: boolean;
  /** Asks an index, which may lag behind. */
  readonly ofIndex?: IndexName;
}

/** An item that is about to be read. */
interface Wanted {
  readonly key: ItemKey;
  readonly read: PromiseWithResolvers<Item | undefined>;
}

/** Most keys in one BatchGetItem. */
const batchSize = 100;

/** One table of DynamoDB, in single items: every read but an index's is consistent, every write is one of its own. */
export class DynamoDbTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  readonly #deadlineMs: number;
  #wanted: readonly Wanted[] = [];

  constructor(client: DynamoDBClient, name: string, deadlineMs: number) {
    this.#client = client;
    this.#name = name;
    this.#deadlineMs = deadlineMs;
  }

  /** Reads that are asked for in the same turn of the event loop go together: a request costs more time than an item. */
  get(key: ItemKey): Promise<Item | undefined> {
    if (this.#wanted.length === 0) queueMicrotask(() => this.#readWanted());
    const read = Promise.withResolvers<Item | undefined>();
    this.#wanted = [...this.#wanted, { key, read }];
    return read.promise;
  }

  #readWanted(): void {
    const wanted = this.#wanted;
    this.#wanted = [];
    const [first] = wanted;
    if (first !== undefined && wanted.length === 1) {
      this.#getOne(first.key).then(first.read.resolve, first.read.reject);
      return;
    }
    const different = new Map(wanted.map(({ key }) => [nameOf(key), key]));
    const found = this.getAll([...different.values()]);
    const byName = found.then((items) => new Map(items.map((item) => [nameOfItem(item), item])));
    for (const { key, read } of wanted) {
      byName.then((items) => read.resolve(items.get(nameOf(key))), read.reject);
    }
  }

  async #getOne(key: ItemKey): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#name, Key: toItem({ ...key }), ConsistentRead: true });
    const { Item } = await this.#ask('GetItem', key, () => this.#client.send(command));
    return Item;
  }

  async put(key: ItemKey, values: Values): Promise<void> {
    const command = new PutItemCommand({ TableName: this.#name, Item: toItem({ ...values, ...key }) });
    await this.#ask('PutItem', key, () => this.#client.send(command));
  }

  putIf(key: ItemKey, item: Values, expression: Expression): Promise<Written> {
    const command = new PutItemCommand({
      ...this.#conditional(expression),
      Item: toItem({ ...item, ...key }),
    });
    return this.#write('PutItem', key, async () => (await this.#client.send(command)).Attributes);
  }

  updateIf(key: ItemKey, change: Change): Promise<Written> {
    const command = new UpdateItemCommand({
      ...this.#conditional(change, change.update),
      Key: toItem({ ...key }),
      UpdateExpression: change.update,
    });
    return this.#write('UpdateItem', key, async () => (await this.#client.send(command)).Attributes);
  }

  async delete(key: ItemKey): Promise<void> {
    const command = new DeleteItemCommand({ TableName: this.#name, Key: toItem({ ...key }) });
    await this.#ask('DeleteItem', key, () => this.#client.send(command));
  }

  deleteIf(key: ItemKey, expression: Expression): Promise<Written> {
    const command = new DeleteItemCommand({ ...this.#conditional(expression), Key: toItem({ ...key }) });
    return this.#write('DeleteItem', key, async () => (await this.#client.send(command)).Attributes);
  }

  /** All that a query finds, or its first `limit`, whatever the size of the pages. */
  async query({ condition, values = {}, names = {}, ...how }: Query): Promise<readonly Item[]> {
    const found: Item[] = [];
    let from: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#name,
        KeyConditionExpression: condition,
        ExpressionAttributeNames: namesIn(condition, names),
        ExpressionAttributeValues: placeholders(values),
        ...(how.ofIndex ? { IndexName: how.ofIndex } : { ConsistentRead: true }),
        ScanIndexForward: !how.isBackwards,
        Limit: how.limit === undefined ? undefined : how.limit - found.length,
        ExclusiveStartKey: from,
      });
      const page = await untilAnswered('Query', this.#deadlineMs, () => this.#client.send(command));
      found.push(...(page.Items ?? []));
      // A page may be empty and yet not the last.
      from = page.LastEvaluatedKey;
    } while (from !== undefined && (how.limit === undefined || found.length < how.limit));
    return found;
  }

  /** The items of these keys that are there, in no order. */
  async getAll(wanted: readonly ItemKey[]): Promise<readonly Item[]> {
    const found: Item[] = [];
    let left = wanted.map((key) => toItem({ ...key }));
    while (left.length > 0) {
      const Keys = left.slice(0, batchSize);
      const RequestItems = { [this.#name]: { Keys, ConsistentRead: true } };
      const { items, unprocessed } = await this.#getBatch({ RequestItems }, Keys.length);
      found.push(...items);
      left = [...unprocessed, ...left.slice(batchSize)];
    }
    return found;
  }

  /** A batch of which nothing was read is as good as throttled. */
  #getBatch(input: BatchGetItemCommandInput, asked: number) {
    const command = new BatchGetItemCommand(input);
    return untilAnswered('BatchGetItem', this.#deadlineMs, async () => {
      const { Responses, UnprocessedKeys } = await this.#client.send(command);
      const items = Responses?.[this.#name] ?? [];
      const unprocessed = UnprocessedKeys?.[this.#name]?.Keys ?? [];
      if (unprocessed.length === asked) throw new NothingRead();
      return { items, unprocessed };
    });
  }

  #conditional({ condition, values = {}, names = {} }: Expression, more = '') {
    return {
      TableName: this.#name,
      ConditionExpression: condition,
      ExpressionAttributeNames: namesIn(`${condition} ${more}`, names),
      ExpressionAttributeValues: placeholders(values),
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
  }

  async #write(what: string, key: ItemKey, attempt: () => Promise<Item | undefined>): Promise<Written> {
    const written = await this.#ask(what, key, async () => {
      try {
        return { isDone: true, before: await attempt() } as const;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { isDone: false, stored: error.Item } as const;
      }
    });
    if (written.isDone || written.stored !== undefined) return written;
    // Without the item in the answer it is absent, or this server does not put it there.
    return { isDone: false, stored: await this.get(key) };
  }

  #ask<Answer>(what: string, { pk, sk }: ItemKey, attempt: () => Promise<Answer>): Promise<Answer> {
    return untilAnswered(`${what} of '${pk} ${sk}'`, this.#deadlineMs, attempt);
  }
}

const nameOf = ({ pk, sk }: ItemKey): string => JSON.stringify([pk, sk]);

const nameOfItem = (item: Item): string => nameOf({ pk: text(item, 'pk'), sk: text(item, 'sk') });

/** A batch came back without anything read, which DynamoDB does when it is throttled. */
class NothingRead extends Error {
  override readonly name = 'ThrottlingException';

  constructor() {
    super('nothing of the batch was read');
  }
}

const namesIn = (expression: string, names: Readonly<Record<string, string>>): Record<string, string> => {
  const found = expression.match(/#\w+/g) ?? [];
  return Object.fromEntries(found.map((token) => [token, names[token.slice(1)] ?? token.slice(1)]));
};

/** DynamoDB takes no empty set of values. */
const placeholders = (values: Values): Item | undefined => {
  const named = Object.entries(values).map(([name, value]) => [`:${name}`, value] as const);
  return named.length === 0 ? undefined : toItem(Object.fromEntries(named));
};

/** Met by an item that is not there. */
export const isAbsent: Expression = { condition: 'attribute_not_exists(#pk)' };
