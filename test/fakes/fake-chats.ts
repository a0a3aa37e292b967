import type { ChatMessage } from '../../web/src/store/chat/chat-message.ts';
import type { ChatActions, ChatSnapshot, FoundMessage } from '../../web/src/store/chat/chat-snapshot.ts';
import type { PhoneSnapshot } from '../../web/src/store/snapshot.ts';

/** What the messages need of the store that they belong to. */
interface ShowingStore {
  readonly snapshot: PhoneSnapshot;
  show(snapshot: PhoneSnapshot): void;
  note(action: string, ...args: unknown[]): void;
}

/** The messages of a store without a gateway: opens and closes what its snapshot has, and remembers the rest. */
export class FakeChats implements ChatActions {
  /** What is in every conversation that is opened. */
  messages: readonly ChatMessage[] = [];
  readonly #store: ShowingStore;

  constructor(store: ShowingStore) {
    this.#store = store;
  }

  async openChat(uri: string): Promise<void> {
    this.#store.note('openChat', uri);
  }

  openConversation(id: string): void {
    this.#store.note('openConversation', id);
    this.#open(id);
  }

  closeConversation(): void {
    this.#store.note('closeConversation');
    this.#chat({ thread: undefined });
  }

  sendMessage(conversation: string, text: string): void {
    this.#store.note('sendMessage', conversation, text);
  }

  retryMessage(conversation: string, message: string): void {
    this.#store.note('retryMessage', conversation, message);
  }

  seen(conversation: string): void {
    this.#store.note('seen', conversation);
  }

  removeMessage(conversation: string, message: string): void {
    this.#store.note('removeMessage', conversation, message);
  }

  typing(conversation: string, isEmpty: boolean): void {
    this.#store.note('typing', conversation, isEmpty);
  }

  removeConversation(conversation: string): void {
    this.#store.note('removeConversation', conversation);
    this.#chat({ thread: undefined });
  }

  acceptRequest(conversation: string): void {
    this.#store.note('acceptRequest', conversation);
  }

  blockContact(conversation: string): void {
    this.#store.note('blockContact', conversation);
  }

  findMessages(words: string): readonly FoundMessage[] {
    return this.#store.snapshot.chat.conversations
      .filter(({ last }) => last?.text.toLowerCase().includes(words.toLowerCase()))
      .map((conversation) => ({
        conversation,
        message: '',
        text: conversation.last?.text ?? '',
        at: conversation.last?.at ?? 0,
      }));
  }

  #open(id: string): void {
    const conversation = this.#store.snapshot.chat.conversations.find((one) => one.id === id);
    if (conversation) this.#chat({ thread: { ...conversation, messages: this.messages, firstUnread: undefined } });
  }

  #chat(part: Partial<ChatSnapshot>): void {
    this.#store.show({ ...this.#store.snapshot, chat: { ...this.#store.snapshot.chat, ...part } });
  }
}
