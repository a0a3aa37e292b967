import { isObject } from '../stored-json.ts';
import { type ChatMessage, typeOf } from './chat-message.ts';

/** A message in one line of plain text: for lists, notifications and the search. Never to be read as HTML. */
export function plainText({ content, contentType }: Pick<ChatMessage, 'content' | 'contentType'>): string {
  const type = typeOf(contentType);
  if (type === 'text/html') return oneLine(withoutTags(content.slice(0, longest)));
  if (type.startsWith('image/')) return '🖼';
  if (type === 'application/sylk-file-transfer') return `📎 ${fileName(content)}`.trim();
  return oneLine(content.slice(0, longest));
}

/** The name of an offered file, as its sender wrote it. */
export function fileName(content: string): string {
  try {
    const file: unknown = JSON.parse(content);
    return isObject(file) && typeof file.filename === 'string' ? file.filename : '';
  } catch {
    // What is not JSON names no file.
    return '';
  }
}

const withoutTags = (html: string): string =>
  html
    .replace(/<(style|script|title)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_all, name: string) => entities[name] ?? ' ');

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const longest = 2_000;
