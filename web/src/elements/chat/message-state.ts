import { html, type TemplateResult } from 'lit';
import type { ChatMessage } from '../../store/chat/chat-message.ts';
import { type IconName, icon } from '../look/icons.ts';
import type { Messages } from '../messages/en.ts';

/** How far an own message has come, as a sign and for screen readers as a word. */
export function messageState({ state }: Pick<ChatMessage, 'state'>, words: Messages['chat']): TemplateResult {
  const { picture, word } = signOf(state, words);
  return html`<span class="state ${state}" title=${word}>${icon(picture)}<span class="unseen">${word}</span></span>`;
}

function signOf(state: string, { states, failed }: Messages['chat']): { picture: IconName; word: string } {
  switch (state) {
    case 'pending':
      return { picture: 'clock', word: states.pending };
    case 'failed':
    case 'forbidden':
      return { picture: 'warning', word: failed };
    case 'error':
      return { picture: 'warning', word: states.error };
    case 'delivered':
      return { picture: 'checks', word: states.delivered };
    case 'displayed':
      return { picture: 'checks', word: states.displayed };
    default:
      return { picture: 'check', word: states.accepted };
  }
}
