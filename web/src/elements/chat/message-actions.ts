import { html, nothing, type TemplateResult } from 'lit';
import type { ChatMessage } from '../../store/chat/chat-message.ts';
import { plainText } from '../../store/chat/plain-text.ts';
import { icon } from '../look/icons.ts';
import type { Messages } from '../messages/en.ts';

type Perform = (message: ChatMessage, action: 'retry' | 'remove' | 'copy') => void;

/** What can be done with a message, below it; of one that failed why, and the way to try again. */
export function messageActions(
  message: ChatMessage,
  isOpen: boolean,
  { chat: words }: Messages,
  perform: Perform,
): TemplateResult {
  const isFailed = message.state === 'failed';
  return html`<div class="actions">
    ${isFailed ? html`<p class="fault small">${icon('warning')}<span>${words.failed} ${message.reason ?? nothing}</span></p>` : nothing}
    <span class="wrap">
      ${
        isFailed
          ? html`<button type="button" class="button tonal" part="retry-message"
            @click=${() => perform(message, 'retry')}>${icon('refresh')}${words.retry}</button>`
          : nothing
      }
      ${
        isOpen
          ? html`<button type="button" class="button" part="copy-message" @click=${() => copy(message, perform)}>
              ${icon('copy')}${words.copy}</button>
            <button type="button" class="button danger" part="remove-message" @click=${() => perform(message, 'remove')}>
              ${icon('trash')}${words.remove}</button>`
          : nothing
      }
    </span>
  </div>`;
}

async function copy(message: ChatMessage, perform: Perform): Promise<void> {
  const text = message.contentType.startsWith('text/plain') ? message.content : plainText(message);
  await navigator.clipboard?.writeText(text);
  perform(message, 'copy');
}
