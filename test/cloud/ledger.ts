import { isJsonObject, parseJson } from '@sylk/protocol/json.ts';
import { type Counts, combine, nothing } from '../scale/counts.ts';
import { at } from './json-path.ts';

/**
 * What something is booked to: to what people do, to the renewals of leases, or to what happens beside both: the watch
 * over edges, looks at their list, and whatever comes again because its answer was late.
 */
type Account = 'steps' | 'renewals' | 'beside';

const writing = /^(Put|Update|Delete|BatchWrite)/;

/** The partition that all functions read again from time to time: which media edges there are. */
const edges = 'E';

/** What the cloud would charge. The same step costs the same, whatever the clock makes happen meanwhile. */
export class Ledger {
  readonly #counts: Record<Account, Counts> = { steps: nothing, renewals: nothing, beside: nothing };
  /** Processes that are at work, and for what. */
  readonly #runs = new Map<string, Account>();
  readonly #sent = new Set<string>();
  readonly #worked = new Set<string>();

  get steps(): Counts {
    return this.#counts.steps;
  }

  get renewals(): Counts {
    return this.#counts.renewals;
  }

  /** Runs of functions that are under way for people. */
  get running(): number {
    return [...this.#runs.values()].filter((account) => account === 'steps').length;
  }

  runBegins(process: string, event: unknown): void {
    const account = this.#accountOfEvent(event);
    this.#runs.set(process, account);
    this.#book(account, { lambdaCalls: 1 });
  }

  runEnds(process: string): void {
    this.#runs.delete(process);
  }

  messageIn(text: string): void {
    this.#book(accountOfText(text, this.#sent), { messages: 1, bytes: Buffer.byteLength(text) });
  }

  messageOut(process: string, bytes: number): void {
    this.#book(this.#accountOfProcess(process), { messages: 1, bytes });
  }

  store(process: string, operation: string, asked: unknown): void {
    const isLook = operation === 'Query' && at(asked, 'ExpressionAttributeValues', ':pk', 'S') === edges;
    const account = isLook ? 'beside' : this.#accountOfProcess(process);
    this.#book(account, writing.test(operation) ? { storeWrites: 1 } : { storeReads: 1 });
  }

  #accountOfEvent(event: unknown): Account {
    if (at(event, 'source') === 'aws.events') return 'beside';
    const text = at(event, 'body') ?? at(event, 'Records', 0, 'body');
    return typeof text === 'string' ? accountOfText(text, this.#worked) : 'steps';
  }

  /** Edges, which are no functions, act for people: what they do for their leases goes through functions. */
  #accountOfProcess(process: string): Account {
    return this.#runs.get(process) ?? 'steps';
  }

  #book(account: Account, more: Partial<Counts>): void {
    this.#counts[account] = combine(this.#counts[account], { ...nothing, ...more }, (one, other) => one + other);
  }
}

/** @param known what was seen before: the same text again is a repetition, since requests and reports have ids */
const accountOfText = (text: string, known: Set<string>): Account => {
  const isAgain = known.has(text);
  known.add(text);
  if (isAgain) return 'beside';
  const kind = kindOf(text);
  if (kind === 'renew') return 'renewals';
  return kind === 'hello' || kind === 'watch-edges' ? 'beside' : 'steps';
};

const kindOf = (text: string): unknown => {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value.kind : undefined;
  } catch {
    // Nonsense is sent by tests on purpose, and costs as much as sense.
    return undefined;
  }
};
