import type { ArrivedMessage } from '../../store/chat/chat-snapshot.ts';
import type { Messages } from '../messages/en.ts';
import { nameOf } from '../people/person.ts';
import { canNotify, openNotification } from './attention.ts';

/** Tells of messages that come while nobody looks at the page, where the person has allowed that. */
export class MessageNotice {
  readonly #open: (conversation: string) => void;
  #seen: string | undefined;

  /** @param open shows the conversation, when the notice was pressed */
  constructor(open: (conversation: string) => void) {
    this.#open = open;
  }

  /** @param isQuiet what arrives now is not told, later neither */
  follow(arrived: ArrivedMessage | undefined, { chat: words }: Messages, isQuiet: boolean): void {
    if (arrived === undefined || arrived.key === this.#seen) return;
    this.#seen = arrived.key;
    if (isQuiet || !document.hidden || !canNotify() || Notification.permission !== 'granted') return;
    const { conversation, text } = arrived;
    const who = nameOf(conversation);
    // What a stranger writes is not put before anybody's eyes unasked.
    const said = conversation.isRequest ? words.arrivedRequest(who) : words.arrived(who, text);
    const notification = openNotification(said, { tag: conversation.id });
    if (notification === undefined) return;
    notification.onclick = () => {
      window.focus();
      notification.close();
      this.#open(conversation.id);
    };
  }
}
