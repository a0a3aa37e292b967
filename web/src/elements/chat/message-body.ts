import { html, type nothing, type TemplateResult } from 'lit';
import type { ChatMessage } from '../../store/chat/chat-message.ts';
import { fileName, plainText } from '../../store/chat/plain-text.ts';
import { sanitizedNodes } from '../../store/safe-html.ts';
import { icon } from '../look/icons.ts';
import type { Messages } from '../messages/en.ts';
import { isOnlyEmoji } from './emoji.ts';
import { linkedParts } from './linked-text.ts';

/** What a message says, safe to look at: nothing in it runs, and nothing is fetched. */
export function messageBody(message: ChatMessage, words: Messages['chat']): TemplateResult {
  const type = message.contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/html') return html`<div class="text rich" dir="auto">${htmlOf(message)}</div>`;
  if (type.startsWith('image/')) return imageBody(message, type, words);
  if (type === 'application/sylk-file-transfer')
    return html`<p class="text file">${icon('copy')}<span dir="auto">${words.file(fileName(message.content))}</span></p>`;
  const size = isOnlyEmoji(message.content) ? 'huge' : '';
  return html`<p class="text ${size}" dir="auto">${linkedParts(message.content).map(({ text, href }) =>
    href === undefined ? text : html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${text}</a>`,
  )}</p>`;
}

/** Pictures come as base64 text; what is none is not shown as one. */
function imageBody({ content }: ChatMessage, type: string, words: Messages['chat']): TemplateResult {
  const data = content.replace(/^data:[^,]*,/, '').replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+=*$/.test(data)) return html`<p class="text">${words.image}</p>`;
  return html`<img class="picture" alt=${words.image} src="data:${type};base64,${data}" loading="lazy" />`;
}

/** Made once for each message: nodes can be in one place only, and parsing costs. */
function htmlOf(message: ChatMessage): Node | typeof nothing {
  const known = made.get(message.content);
  if (known !== undefined) return known;
  const holder = document.createElement('div');
  holder.append(sanitizedNodes(message.content));
  const node = holder.textContent?.trim() === '' ? document.createTextNode(plainText(message)) : holder;
  made.set(message.content, node);
  if (made.size > mostMade) made.clear();
  return node;
}

const made = new Map<string, Node>();
const mostMade = 500;
