import type { ChatActions, FoundMessage } from './chat/chat-snapshot.ts';
import type { PhoneLine } from './phone-line.ts';

export interface ChatCommandsOptions {
  /** Absent until the phone is open. */
  line(): PhoneLine | undefined;
  /** Carries out what may go wrong, and rejects with a sentence then. */
  act(act: (line: PhoneLine) => Promise<void>): Promise<void>;
  /** @throws Sentence for what is no address */
  addressOf(typed: string): string;
  block(person: { readonly uri: string; readonly displayName: string }): void;
}

/** What a person can do with messages, as the phone offers it. */
export class ChatCommands implements ChatActions {
  readonly #options: ChatCommandsOptions;

  constructor(options: ChatCommandsOptions) {
    this.#options = options;
  }

  /** Who has no address gets a temporary one: nobody writes without one. */
  openChat(typed: string): Promise<void> {
    return this.#options.act(async ({ chats, keeper }) => {
      const address = this.#options.addressOf(typed);
      if (chats.openChat(address)) return;
      await keeper.account();
      chats.openChat(address);
    });
  }

  openConversation(id: string): void {
    this.#chats?.openConversation(id);
  }

  closeConversation(): void {
    this.#chats?.closeConversation();
  }

  sendMessage(conversation: string, text: string): void {
    this.#chats?.send(conversation, text);
  }

  typing(conversation: string, isEmpty: boolean): void {
    this.#chats?.typed(conversation, isEmpty);
  }

  retryMessage(conversation: string, message: string): void {
    this.#chats?.retry(conversation, message);
  }

  seen(conversation: string): void {
    this.#chats?.seen(conversation);
  }

  removeMessage(conversation: string, message: string): void {
    this.#chats?.remove(conversation, message);
  }

  removeConversation(conversation: string): void {
    this.#chats?.removeConversation(conversation);
  }

  acceptRequest(conversation: string): void {
    this.#chats?.accept(conversation);
  }

  blockContact(conversation: string): void {
    const person = this.#chats?.person(conversation);
    if (person) this.#options.block(person);
  }

  findMessages(words: string): readonly FoundMessage[] {
    return this.#chats?.find(words) ?? [];
  }

  get #chats(): PhoneLine['chats'] | undefined {
    return this.#options.line()?.chats;
  }
}
