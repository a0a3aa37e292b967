import { NameAddrHeader } from 'sip.js';
import { type ParameterMap, parseParameters } from './parameters.ts';
import { parseUri, type WireUri } from './wire-uri.ts';

/**
 * Reads the value of From, To, Contact and their like (RFC 3261 s. 20.10).
 *
 * @returns `undefined` when it is malformed
 */
export function parseNameAddr(text: string): NameAddrHeader | undefined {
  const parts = split(text.trim());
  if (parts === undefined) return undefined;
  const uri = parseUri(parts.uri);
  const parameters = parseParameters(parts.parameters);
  if (uri === undefined || parameters === undefined) return undefined;
  return nameAddr(uri, parts.displayName, parameters);
}

function nameAddr(uri: WireUri, displayName: string, parameters: ParameterMap): NameAddrHeader {
  const header = new NameAddrHeader(uri, displayName, {});
  for (const [name, value] of Object.entries(parameters)) header.setParam(name, value);
  return header;
}

interface Parts {
  /** As a person reads it: without quotes and backslashes. */
  readonly displayName: string;
  readonly uri: string;
  readonly parameters: string;
}

function split(text: string): Parts | undefined {
  if (text.startsWith('"')) return splitQuoted(text);
  const open = text.indexOf('<');
  if (open < 0) return splitBare(text);
  const displayName = text.slice(0, open).trim();
  // RFC 3261 s. 25.1: words of token characters; letters beyond ASCII are what people write all the same.
  if (/["\\;,:@<>()]/.test(displayName)) return undefined;
  return splitBracketed(text.slice(open), displayName);
}

function splitQuoted(text: string): Parts | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*/.exec(text);
  if (quoted === null) return undefined;
  return splitBracketed(text.slice(quoted[0].length), (quoted[1] ?? '').replace(/\\(.)/g, '$1'));
}

function splitBracketed(text: string, displayName: string): Parts | undefined {
  const close = text.indexOf('>');
  if (!text.startsWith('<') || close < 0) return undefined;
  return { displayName, uri: text.slice(1, close), parameters: text.slice(close + 1) };
}

/** RFC 3261 s. 20: without brackets, what follows the first `;` belongs to the header, not to the URI, which has no `?`. */
function splitBare(text: string): Parts | undefined {
  if (text.includes('?')) return undefined;
  const semicolon = text.indexOf(';');
  if (semicolon < 0) return { displayName: '', uri: text, parameters: '' };
  return { displayName: '', uri: text.slice(0, semicolon).trimEnd(), parameters: text.slice(semicolon) };
}

/** Writes a display name so that nothing in it can end the quoted string. */
export function quoteDisplayName(name: string): string {
  return name.replace(/[\x00-\x1f\x7f]/g, ' ').replace(/["\\]/g, '\\$&');
}
