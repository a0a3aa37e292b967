import type { FakeGateway } from './fake-gateway.ts';
import type { FakeSocket } from './fake-socket.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The journal of one account at the gateway, as far as a page can tell: stored before acknowledged, each id once. */
export class ChatGateway {
  readonly journal: Fields[] = [];
  readonly #gateway: FakeGateway;
  readonly #account: string;
  #pageSize = 2;
  #made = 0;

  constructor(gateway: FakeGateway, account: string) {
    this.#gateway = gateway;
    this.#account = account;
    gateway.onRequest = (request) => this.#handle(request);
  }

  /** Messages in the journal that this account has sent. */
  get sent(): readonly unknown[] {
    return this.journal.filter(({ direction }) => direction === 'outgoing').map(({ content }) => content);
  }

  /** Somebody writes; whoever is connected hears it. */
  receive(from: string, content: string, fields: Fields = {}): void {
    const entry = {
      contact: from,
      timestamp: new Date(1_700_000_000_000 + 1_000 * ++this.#made).toISOString(),
      disposition: ['positive-delivery', 'display'],
      message_id: `in-${this.#made}`,
      content_type: 'text/plain',
      content,
      direction: 'incoming',
      state: 'received',
      ...fields,
    };
    this.journal.push(entry);
    const { contact, disposition, direction: _direction, state: _state, ...rest } = entry;
    this.tell({
      event: 'message',
      sender: { uri: contact, display_name: '' },
      disposition_notification: disposition,
      ...rest,
    });
  }

  /** An entry of another device, which this page hears of by synchronisation only. */
  store(entry: Fields): void {
    this.journal.push({
      timestamp: new Date(1_700_000_900_000).toISOString(),
      disposition: [],
      direction: '',
      ...entry,
    });
  }

  tell(event: Fields, socket?: FakeSocket): void {
    const message = { sylkrtc: 'account-event', account: this.#account, ...event };
    for (const one of socket ? [socket] : this.#gateway.sockets) this.#gateway.send(one, message);
  }

  /** What becomes of a message that was sent. @param at when the gateway says that it was written */
  report(content: string, state: string, at?: string): void {
    const entry = this.journal.find((one) => one.content === content);
    const about = { message_id: entry?.message_id, message_timestamp: at ?? entry?.timestamp, code: 200, reason: '' };
    this.tell({ event: 'disposition-notification', state, ...about });
  }

  #handle(request: Fields): void {
    if (request.sylkrtc === 'account-message') this.#keep(request);
    if (request.sylkrtc === 'account-sync-conversations') this.#answer(request);
  }

  #keep({ message_id, uri, content, content_type, timestamp }: Fields): void {
    if (this.journal.some((entry) => entry.message_id === message_id)) return;
    const entry = {
      contact: uri,
      timestamp,
      message_id,
      content_type,
      content,
      direction: 'outgoing',
      state: 'pending',
    };
    this.journal.push({ ...entry, disposition: ['positive-delivery', 'display'] });
  }

  #answer({ message_id }: Fields): void {
    const start = this.journal.findIndex((entry) => entry.message_id === message_id) + 1;
    const messages = this.journal.slice(start, start + this.#pageSize);
    this.tell({ event: 'sync-conversations', messages }, this.#gateway.socket);
  }
}
