/** Name to value in lower-case names; `null` for a parameter without a value. */
export type ParameterMap = Record<string, string | null>;

/**
 * Reads `;name=value;flag` (RFC 3261 s. 25.1, generic-param). Quoted values keep their quotes.
 *
 * @returns `undefined` when it is malformed or names a parameter twice
 */
export function parseParameters(text: string): ParameterMap | undefined {
  const found: ParameterMap = {};
  for (const part of splitOutsideQuotes(text, ';').slice(1)) {
    const match = parameter.exec(part);
    if (match === null) return undefined;
    const name = (match[1] ?? '').toLowerCase();
    if (Object.hasOwn(found, name)) return undefined;
    found[name] = match[2] ?? null;
  }
  return /^\s*(;|$)/.test(text) ? found : undefined;
}

const parameter = /^\s*([\w.!%*+`'~/[\]:&$-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s"=;,<>]+)\s*)?$/;

/** Splits at a character that is neither in a quoted string nor in angle brackets. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  if (!text.includes('"') && !text.includes('<')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let mode: 'plain' | 'quoted' | 'bracketed' = 'plain';
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (mode === 'quoted') {
      if (character === '\\') at++;
      else if (character === '"') mode = 'plain';
    } else if (mode === 'bracketed') {
      if (character === '>') mode = 'plain';
    } else if (character === '"') mode = 'quoted';
    else if (character === '<') mode = 'bracketed';
    else if (character === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
