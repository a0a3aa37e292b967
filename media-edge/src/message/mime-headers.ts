import type { ByteString } from './byte-string.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** The header lines of a part, and what follows them. */
export interface MimePart {
  /** Names in lower case; the first of each name counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: ByteString;
}

/** A media type in its parts: `text/plain`, `utf-8`. */
export interface MediaType {
  /** Lower case, without parameters. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const maxHeaderLines = 50;

/**
 * Splits headers from what follows the first empty line (RFC 2045 s. 3). Line ends may be LF alone, as some phones
 * write them; a text that begins with an empty line has no headers.
 *
 * @throws UnreadableBody
 */
export function splitPart(text: ByteString): MimePart {
  const [, head = '', body] = /^((?:[^\r\n]+\r?\n)*)\r?\n([\s\S]*)$/.exec(text) ?? [];
  if (body === undefined) throw new UnreadableBody('No empty line after the headers of the body');
  const lines = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  if (lines.length > maxHeaderLines) throw new UnreadableBody(`Over ${maxHeaderLines} headers in the body`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = /^([^\s:]+)[ \t]*:[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new UnreadableBody('Malformed header in the body');
    if (!headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value.trim());
  }
  return { headers, body };
}

/** @returns `undefined` for what is no media type (RFC 2045 s. 5.1) */
export function parseMediaType(text: string): MediaType | undefined {
  const [whole, type = ''] = /^\s*([\w.!#$%&'*+^`{|}~-]+\/[\w.!#$%&'*+^`{|}~-]+)\s*/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const rest = text.slice(whole.length);
  if (rest !== '' && !rest.startsWith(';')) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of rest.matchAll(parameter)) {
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
  }
  return { type: type.toLowerCase(), parameters };
}

const parameter = /;\s*([\w.!#$%&'*+^`{|}~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;
