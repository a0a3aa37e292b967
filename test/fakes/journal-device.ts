import { decodeRequest } from '@sylk/protocol/codec.ts';
import { type Aor, type ConnectionId, connectionId } from '@sylk/protocol/ids.ts';
import type { JournalMessage } from '@sylk/protocol/sylkrtc/parts.ts';
import { connectionClosed, recordConnection } from '../../functions/src/signaling/connection.ts';
import { dispatch } from '../../functions/src/signaling/dispatch.ts';
import type { SignalingCore } from './signaling-core.ts';

/** One device of an account: signed in or not, it keeps the journal as far as it has asked for it. */
export class JournalDevice {
  /** As they came, in their order. */
  readonly entries: JournalMessage[] = [];
  readonly #core: SignalingCore;
  readonly #account: Aor;
  readonly #name: string;
  #connection: ConnectionId | undefined;
  #connections = 0;
  #transactions = 0;

  constructor(core: SignalingCore, account: Aor, name: string) {
    this.#core = core;
    this.#account = account;
    this.#name = name;
  }

  /** Signs in; nothing when it is. */
  async connect(): Promise<void> {
    if (this.#connection !== undefined) return;
    this.#connections += 1;
    this.#connection = connectionId(`${this.#name}-${this.#connections}`);
    await recordConnection(this.#core.services, this.#connection, '192.0.2.7');
    await this.asks({ sylkrtc: 'account-add', password: 'secret', device: `device-of-${this.#name}` });
    await this.asks({ sylkrtc: 'account-register' });
  }

  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) await connectionClosed(this.#core.services, connection);
  }

  /** Sends a request and waits for what comes of it. @returns `ack`, or the text of the error; undefined when it is not signed in */
  async asks(ask: object): Promise<string | undefined> {
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    const transaction = `${connection} ${++this.#transactions}`;
    const text = JSON.stringify({ ...ask, transaction, account: this.#account });
    const decoded = decodeRequest(text);
    if (decoded.kind !== 'request') throw new Error(`no request: ${text}`);
    await dispatch(this.#core.services, connection, decoded.request);
    return this.#core.repliesTo(transaction)[0];
  }

  /** Asks for what comes after the last entry that it has. @returns how many came */
  async sync(limit?: number): Promise<number> {
    const last = this.entries.at(-1);
    const after = last === undefined ? {} : { message_id: last.message_id };
    const reply = await this.asks({ sylkrtc: 'account-sync-conversations', limit, ...after });
    if (reply !== 'ack') return 0;
    const page = this.#pages().at(-1) ?? [];
    this.entries.push(...page);
    return page.length;
  }

  /** Signs in if need be, and asks until nothing is left. */
  async catchUp(limit?: number): Promise<void> {
    await this.connect();
    while ((await this.sync(limit)) > 0);
  }

  #pages(): readonly (readonly JournalMessage[])[] {
    return this.#core.posted.flatMap(({ connection, message }) =>
      connection === this.#connection && message.sylkrtc === 'account-event' && message.event === 'sync-conversations'
        ? [message.messages]
        : [],
    );
  }
}
