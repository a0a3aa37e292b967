import { UnreadableBody } from './unreadable-body.ts';

/** An element, without its name space and attributes: the two small formats that are read here need none. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly in it, trimmed. */
  readonly text: string;
}

const maxChars = 16 * 1024;
const maxDepth = 8;
const maxElements = 64;

/**
 * Reads the little XML that is-composing and IMDN need. There is no document type, no entity besides the five that
 * every document has, and nothing is fetched: what could grow or reach out is refused, not expanded.
 *
 * @throws UnreadableBody
 */
export function parseXml(text: string): XmlElement {
  if (text.length > maxChars) throw new UnreadableBody(`XML of over ${maxChars} characters`, { code: 413 });
  const root = open('');
  const stack = [root];
  let elements = 0;
  for (const token of tokens(text.replace(/^\ufeff/, ''))) {
    const top = stack.at(-1) ?? root;
    if (token.kind === 'text') top.text += unescaped(token.text);
    else if (token.kind === 'close') close(stack, token.name);
    else {
      if (++elements > maxElements || stack.length > maxDepth) throw new UnreadableBody('XML of too many elements');
      const element = open(token.name);
      top.children.push(element);
      if (!token.isEmpty) stack.push(element);
    }
  }
  const [only] = root.children;
  if (stack.length !== 1 || only === undefined || root.children.length !== 1 || root.text.trim() !== '')
    throw new UnreadableBody('Malformed XML');
  return finished(only);
}

/** The text of the first child of this name. */
export const textOf = ({ children }: XmlElement, name: string): string | undefined =>
  children.find((child) => child.name === name)?.text;

interface Growing {
  readonly name: string;
  readonly children: Growing[];
  text: string;
}

const open = (name: string): Growing => ({ name, children: [], text: '' });

const finished = ({ name, children, text }: Growing): XmlElement => ({
  name: local(name),
  children: children.map(finished),
  text: text.trim(),
});

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function close(stack: Growing[], name: string): void {
  if (stack.length < 2 || stack.pop()?.name !== name) throw new UnreadableBody('Malformed XML');
}

type Token =
  | { readonly kind: 'open'; readonly name: string; readonly isEmpty: boolean }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

function* tokens(text: string): Generator<Token> {
  const pattern = new RegExp(tokenPattern, 'y');
  while (pattern.lastIndex < text.length) {
    const [, closed, opened, isEmpty, chars] = pattern.exec(text) ?? refuse();
    if (closed !== undefined) yield { kind: 'close', name: closed };
    else if (opened !== undefined) yield { kind: 'open', name: opened, isEmpty: isEmpty === '/' };
    else if (chars !== undefined) yield { kind: 'text', text: chars };
  }
}

function refuse(): never {
  throw new UnreadableBody('Malformed XML');
}

/** A comment or the XML declaration, an end, a beginning with attributes that nobody reads, or text. */
const name = '[A-Za-z_][\\w.:-]{0,63}';
const attribute = `\\s+${name}\\s*=\\s*(?:"[^"<]*"|'[^'<]*')`;
const tokenPattern = `<!--[\\s\\S]*?-->|<\\?xml\\s[^?]*\\?>|</(${name})\\s*>|<(${name})(?:${attribute})*\\s*(/?)>|([^<]+)`;

function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,16}));|&/g,
    (_, decimal?: string, hex?: string, entity = '') => {
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
      return entities.get(entity) ?? refuse();
    },
  );
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Makes text safe within an element. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // XML 1.0 s. 2.2 has no place for these, escaped or not.
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, '');
