/** Names in lower case; values without their quotes. */
export type AuthParams = ReadonlyMap<string, string>;

/** More parameters, or longer ones, are nobody's who means well. */
const maxParams = 32;
const maxChars = 4_096;

/**
 * Reads `Digest name=value, name="value"` (RFC 3261 s. 25.1, digest-cln and dig-resp).
 *
 * @returns `undefined` for another scheme, for what is malformed, and for a name that comes twice
 */
export function parseAuthParams(text: string): AuthParams | undefined {
  const scheme = /^\s*Digest\s+/i.exec(text);
  if (scheme === null || text.length > maxChars) return undefined;
  const found = new Map<string, string>();
  param.lastIndex = scheme[0].length;
  while (param.lastIndex < text.length) {
    const match = param.exec(text);
    const name = match?.[1]?.toLowerCase();
    if (match === null || name === undefined || found.has(name) || found.size === maxParams) return undefined;
    found.set(name, match[2] === undefined ? (match[3] ?? '') : unquote(match[2]));
  }
  return found;
}

/** Sticky: each parameter begins where the one before ended, so that nothing is skipped or read twice. */
const param = /\s*([\w!%*+`'~.-]+)\s*=\s*(?:"((?:[^"\\]|\\[^\r\n])*)"|([^\s",;]+))\s*(?:,|$)/y;

const unquote = (text: string): string => text.replace(/\\(.)/g, '$1');

/** A quoted string (RFC 3261 s. 25.1). */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
