import { setImmediate as others } from 'node:timers/promises';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  ThrottlingException,
} from '@aws-sdk/client-dynamodb';

/** A request on its way through the SDK. */
interface Step {
  readonly input: ServiceInputTypes;
  /** Sends it, or another in its place. */
  send(input: ServiceInputTypes): Promise<ServiceOutputTypes>;
}

/** What may go wrong with requests; each layer may change what the one below it answers. */
export interface DynamoDbFaults {
  /** Share of the requests that are throttled, and of those that never arrive. */
  readonly throttled: number;
  readonly unsent: number;
  /** Share of the writes that are carried out although their answer is lost; 1 loses the first answer of each. */
  readonly lost: number;
  /** Whether queries answer by pages of one and by empty pages, and batches piece by piece. */
  readonly hasSmallPages: boolean;
}

/** A client whose requests meet faults, always the same for the same `seed`. */
export class FaultyDynamoDb {
  readonly #random: () => number;
  readonly #faults: DynamoDbFaults;
  readonly #plain: DynamoDBClient;
  readonly #lost = new WeakSet<ServiceInputTypes>();
  /** Whether the index has not seen the last writes yet. */
  #isLagging = false;

  constructor(
    clients: { readonly faulty: DynamoDBClient; readonly plain: DynamoDBClient },
    faults: DynamoDbFaults,
    seed: number,
  ) {
    this.#random = randomFrom(seed);
    this.#faults = faults;
    this.#plain = clients.plain;
    clients.faulty.middlewareStack.add(
      (next) => async (args) => {
        const send = async (input: ServiceInputTypes) => (await next({ ...args, input })).output;
        return { response: undefined, output: await this.#ask({ input: args.input, send }) };
      },
      { step: 'initialize', name: 'faults' },
    );
  }

  /** Lets the index catch up with the table. */
  settle(): void {
    this.#isLagging = false;
  }

  async #ask(step: Step): Promise<ServiceOutputTypes> {
    if (this.#random() < 0.5) await others();
    if (this.#random() < this.#faults.throttled) throw this.#throttle();
    if (this.#random() < this.#faults.unsent) throw trouble('ECONNRESET', 'socket hang up');
    const { input } = step;
    if ('RequestItems' in input) return this.#batch(step);
    if ('KeyConditionExpression' in input) return this.#query(step);
    return isWrite(input) ? this.#write(step) : step.send(input);
  }

  #throttle(): Error {
    const options = { message: 'too many requests', $metadata: {} };
    return this.#random() < 0.5
      ? new ProvisionedThroughputExceededException(options)
      : new ThrottlingException(options);
  }

  async #write({ input, send }: Step): Promise<ServiceOutputTypes> {
    this.#isLagging = true;
    const output = await send(input).catch((error) => this.#withStored(input, error));
    if (!this.#isLost(input)) return output;
    this.#lost.add(input);
    throw trouble('TimeoutError', 'no answer in time');
  }

  /** A counter is told to count twice then, so its answers stay. */
  #isLost(input: ServiceInputTypes): boolean {
    const isCounter = keyOf(input).pk?.S?.startsWith('Q#') === true;
    return !isCounter && !this.#lost.has(input) && this.#random() < this.#faults.lost;
  }

  /** The server puts the item into the refusal, which dynalite does not; half of the time, so that both ways are gone. */
  async #withStored(input: ServiceInputTypes, error: unknown): Promise<never> {
    if (!(error instanceof ConditionalCheckFailedException) || this.#random() < 0.5) throw error;
    const { TableName } = 'TableName' in input ? input : { TableName: undefined };
    const { Item } = await this.#plain.send(new GetItemCommand({ TableName, Key: keyOf(input), ConsistentRead: true }));
    error.Item = Item;
    throw error;
  }

  #query({ input, send }: Step): Promise<ServiceOutputTypes> | ServiceOutputTypes {
    if (!('KeyConditionExpression' in input)) return send(input);
    const isStale = input.IndexName === undefined ? input.ConsistentRead !== true : this.#isLagging;
    if (isStale) return { $metadata: {}, Items: [] };
    if (!this.#faults.hasSmallPages) return send(input);
    const { ExclusiveStartKey: from } = input;
    if (this.#random() < 0.3) return { $metadata: {}, Items: [], LastEvaluatedKey: from ?? theBeginning };
    return send({ ...input, Limit: 1, ExclusiveStartKey: from === theBeginning ? undefined : from });
  }

  async #batch({ input, send }: Step): Promise<ServiceOutputTypes> {
    const [[table, request] = ['', undefined]] =
      'RequestItems' in input ? Object.entries(input.RequestItems ?? {}) : [];
    if (request === undefined || !('Keys' in request) || !this.#faults.hasSmallPages) return send(input);
    const [first, ...others] = request.Keys ?? [];
    const UnprocessedKeys = (Keys: typeof others) => (Keys.length === 0 ? {} : { [table]: { ...request, Keys } });
    if (first === undefined || this.#random() < 0.3) {
      return { $metadata: {}, Responses: {}, UnprocessedKeys: UnprocessedKeys(request.Keys ?? []) };
    }
    const output = await send({ RequestItems: { [table]: { ...request, Keys: [first] } } });
    return { ...output, UnprocessedKeys: UnprocessedKeys(others) };
  }
}

/** Stands for "from the beginning" after an empty first page. */
const theBeginning = { pk: { S: 'the beginning' }, sk: { S: 'of all' } };

const isWrite = (input: ServiceInputTypes): boolean => 'ReturnValues' in input || 'Item' in input;

const keyOf = (input: ServiceInputTypes): Record<string, AttributeValue> => {
  const { pk, sk } = 'Item' in input ? { ...input.Item } : 'Key' in input ? { ...input.Key } : {};
  return pk === undefined || sk === undefined ? {} : { pk, sk };
};

const trouble = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** Numbers from 0 to 1 (mulberry32). */
const randomFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 4_294_967_296;
  };
};
