import { createHash } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { RawClient, type RawFrame } from './raw-client.ts';

export interface WriterAccount {
  readonly address: string;
  readonly password: string;
}

export interface WriterOptions {
  readonly device: string;
  readonly patienceMs?: number | undefined;
}

/** A text that waits for its acknowledgement. */
interface Waiting {
  readonly to: string;
  readonly id: string;
  /** ms since 1970 of the last time it was sent; 0: never. */
  sentAt: number;
}

/** Pause before the next socket, in ms. */
const pauseMs = 100;

/** One device that loses nothing: it comes back, and repeats by the same id what was not acknowledged. */
export class PersistentWriter {
  readonly account: WriterAccount;
  readonly acknowledged = new Set<string>();
  /** How many texts were put on a socket, repetitions not counted, and how many repetitions. */
  sent = 0;
  repeated = 0;
  /** How often it was signed in. */
  arrivals = 0;
  readonly #origin: string;
  readonly #device: string;
  readonly #patienceMs: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #closing = new AbortController();
  readonly #course: Promise<void>;
  #client: RawClient | undefined;
  #isReady = false;
  #onReady: (() => void)[] = [];

  /** @param patienceMs how long a reply may take before the same is asked again */
  constructor(origin: string, account: WriterAccount, { device, patienceMs = 3_000 }: WriterOptions) {
    this.#origin = origin;
    this.account = account;
    this.#device = device;
    this.#patienceMs = patienceMs;
    this.#course = this.#run();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get signedIn(): Promise<void> {
    return this.#isReady ? Promise.resolve() : new Promise((resolve) => this.#onReady.push(resolve));
  }

  write(to: string, id: string): void {
    const text = { to, id, sentAt: 0 };
    this.#waiting.set(id, text);
    this.#send(text);
  }

  /** Entries of the history, oldest first, read from its start by pages. */
  async history(): Promise<readonly RawFrame[]> {
    const entries: RawFrame[] = [];
    for (;;) {
      const page = await this.#page(entries);
      if (page.length === 0) return entries;
      entries.push(...page);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#client?.socket.terminate();
    await this.#course;
  }

  /** @throws when nothing came in a while */
  async #page(known: readonly RawFrame[]): Promise<readonly RawFrame[]> {
    const after = known.at(-1)?.message_id;
    // A request that came twice is answered twice: the second answer is no answer to the next one.
    const isNext = ({ event, messages }: RawFrame) =>
      event === 'sync-conversations' && known.every(({ message_id }) => message_id !== Object(messages)[0]?.message_id);
    for (let tries = 0; tries < 10; tries++) {
      await this.signedIn;
      const client = this.#client;
      if (client === undefined) continue;
      client.frames.length = 0;
      const asks = { sylkrtc: 'account-sync-conversations', account: this.account.address };
      const transaction = `sync-${tries}-${after}`;
      client.send({ ...asks, transaction, ...(after === undefined ? {} : { message_id: after }) });
      const page = await client.next(isNext, this.#patienceMs).catch(() => undefined);
      if (Array.isArray(page?.messages)) return page.messages;
    }
    throw new Error(`the history of ${this.account.address} cannot be read`);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const client = new RawClient(`${this.#origin.replace(/^http/, 'ws')}/webrtcgateway/ws`);
      const isOver = new Promise<void>((resolve) => client.socket.once('close', () => resolve()));
      this.#client = client;
      client.socket.on('message', (data) => this.#receive(String(data)));
      const watch = setInterval(() => this.#repeat(Date.now() - this.#patienceMs), pauseMs);
      await Promise.race([isOver, this.#signIn(client).catch(() => client.socket.terminate())]);
      await isOver;
      clearInterval(watch);
      this.#isReady = false;
      await later(pauseMs);
    }
  }

  async #signIn(client: RawClient): Promise<void> {
    await client.next(({ sylkrtc }) => sylkrtc === 'ready-event', this.#patienceMs);
    const { address: account } = this.account;
    const [user, domain] = account.split('@');
    const password = createHash('md5').update(`${user}:${domain}:${this.account.password}`).digest('hex');
    const device = this.#device;
    await this.#ask(client, { sylkrtc: 'account-add', account, password, device });
    await this.#ask(client, { sylkrtc: 'account-register', account });
    this.#isReady = true;
    this.arrivals += 1;
    for (const resolve of this.#onReady.splice(0)) resolve();
    this.#repeat(Number.POSITIVE_INFINITY);
  }

  /** @throws when it was refused, or not answered */
  async #ask(
    client: RawClient,
    request: { sylkrtc: string; account: string; password?: string; device?: string },
  ): Promise<void> {
    client.send({ transaction: request.sylkrtc, ...request });
    const reply = await client.next(({ transaction }) => transaction === request.sylkrtc, this.#patienceMs);
    if (reply.sylkrtc !== 'ack') throw new Error(`${request.account}: ${reply.error}`);
  }

  #repeat(before: number): void {
    for (const text of this.#waiting.values()) if (text.sentAt < before) this.#send(text);
  }

  #send(text: Waiting): void {
    if (!this.#isReady || this.#client === undefined) return;
    if (text.sentAt === 0) this.sent += 1;
    else this.repeated += 1;
    text.sentAt = Date.now();
    this.#client.send({
      sylkrtc: 'account-message',
      transaction: text.id,
      account: this.account.address,
      uri: text.to,
      message_id: text.id,
      content: `This is the text ${text.id}`,
      content_type: 'text/plain',
      timestamp: '2026-01-31T12:00:00.000Z',
    });
  }

  /** An `error` leaves it waiting, to be repeated after a while. */
  #receive(text: string): void {
    const frame: unknown = JSON.parse(text);
    const { sylkrtc, transaction } = Object(frame);
    if (sylkrtc === 'ack' && this.#waiting.delete(String(transaction))) this.acknowledged.add(String(transaction));
    // Only what is still asked for is looked at again.
    if (this.#isReady && this.#client !== undefined && this.#client.frames.length > 1_000)
      this.#client.frames.splice(0, 500);
  }
}
