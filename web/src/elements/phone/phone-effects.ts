import type { PhoneSnapshot } from '../../store/snapshot.ts';
import type { Messages } from '../messages/en.ts';
import { nameOf } from '../people/person.ts';
import { toneOf } from '../sound/tone-of.ts';
import { Tones } from '../sound/tones.ts';
import { Attention } from '../state/attention.ts';
import { MessageNotice } from '../state/message-notice.ts';
import { incomingCalls } from '../state/screen.ts';

/** What a phone does outside of its own picture: tones, the title of the tab, a notification. */
export class PhoneEffects {
  readonly #tones = new Tones();
  readonly #attention = new Attention();
  readonly #messageNotice: MessageNotice;

  /** @param openConversation when the notice of a message was pressed */
  constructor(openConversation: (conversation: string) => void) {
    this.#messageNotice = new MessageNotice(openConversation);
  }

  /** Brings them in line with what is. */
  follow(snapshot: PhoneSnapshot, messages: Messages): void {
    this.#tones.play(toneOf(snapshot));
    this.#messageNotice.follow(snapshot.chat.arrived, messages, snapshot.isUndisturbed);
    const ringing = incomingCalls(snapshot)[0];
    this.#attention.ring(ringing?.id, ringing === undefined ? '' : messages.phone.callFrom(nameOf(ringing.peer)));
  }

  /** The sound of a pressed key. */
  digit(digit: string): void {
    this.#tones.digit(digit);
  }

  /** Ends them all. */
  close(): void {
    this.#tones.close();
    this.#attention.ring(undefined, '');
  }
}
