import { createHash } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Who may sign in. */
export interface Person {
  readonly address: string;
  readonly password: string;
}

/** People who sign in, or are made, at a time. */
const atOnce = 20;
const tickMs = 5;
/** How long the last text may be on its way, in ms. */
const lastMs = 10_000;

/** Many who are signed in and write to each other; what each text takes is measured from its sending to its event. */
export class People {
  readonly #signedIn: { readonly address: string; readonly socket: WebSocket }[] = [];
  readonly #sentAt = new Map<string, number>();
  #took: number[] = [];

  /** @param make gives each an account */
  static async signIn(origin: string, count: number, make: () => Promise<Person>): Promise<People> {
    const people = new People();
    const left = Array.from({ length: count }).entries();
    const worker = async () => {
      for (const _ of left) await people.#signIn(origin, await make());
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return people;
  }

  /** @returns ms that each text took, fewest first, and how many never came */
  async write(
    perSecond: number,
    seconds: number,
  ): Promise<{ readonly took: readonly number[]; readonly lost: number }> {
    this.#took = [];
    this.#sentAt.clear();
    const beganAt = performance.now();
    for (let written = 0; written < perSecond * seconds; ) {
      const due = (perSecond * (performance.now() - beganAt)) / 1000;
      for (; written < Math.min(due, perSecond * seconds); written++) this.#writeOne(written);
      await later(tickMs);
    }
    for (const until = Date.now() + lastMs; this.#sentAt.size > 0 && Date.now() < until; ) await later(tickMs);
    return { took: this.#took.toSorted((one, other) => one - other), lost: this.#sentAt.size };
  }

  close(): void {
    for (const { socket } of this.#signedIn) socket.terminate();
  }

  /** Each in turn, to somebody else each time. */
  #writeOne(index: number): void {
    const count = this.#signedIn.length;
    const writer = this.#signedIn[index % count];
    const step = 1 + (index % (count - 1));
    const reader = this.#signedIn[(index + step) % count];
    if (writer === undefined || reader === undefined) throw new Error('two people are needed at least');
    const id = `text-${index}-${process.pid}`;
    this.#sentAt.set(id, performance.now());
    const text = { content: 'Good morning, how are you?', content_type: 'text/plain', timestamp: new Date() };
    const { address: account, socket } = writer;
    const addressed = { account, uri: reader.address, message_id: id };
    socket.send(JSON.stringify({ sylkrtc: 'account-message', transaction: id, ...addressed, ...text }));
  }

  async #signIn(origin: string, { address, password }: Person): Promise<void> {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/webrtcgateway/ws`, 'sylkRTC-2', { origin });
    const [user, domain] = address.split('@');
    const key = createHash('md5').update(`${user}:${domain}:${password}`).digest('hex');
    const requests = [
      { sylkrtc: 'account-add', transaction: 'add', account: address, password: key },
      { sylkrtc: 'account-register', transaction: 'register', account: address },
    ];
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data));
        if (frame.event === 'message') this.#received(frame.message_id);
        else if (frame.sylkrtc === 'error') reject(new Error(`${address}: ${frame.error}`));
        else if (frame.sylkrtc === 'ready-event' || frame.transaction === 'add')
          socket.send(JSON.stringify(requests.shift()));
        else if (frame.transaction === 'register') resolve();
      });
    });
    this.#signedIn.push({ address, socket });
  }

  #received(id: string): void {
    const sentAt = this.#sentAt.get(id);
    if (sentAt === undefined) return;
    this.#sentAt.delete(id);
    this.#took.push(performance.now() - sentAt);
  }
}
