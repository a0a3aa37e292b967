/** That somebody writes just now (RFC 3994). */
export interface Composing {
  readonly state: 'active' | 'idle';
  /** How long `active` holds unless it is said again, in s. */
  readonly refresh: number;
}

export const composingType = 'application/im-iscomposing+xml';

/** Whatever parameters the type has, and however it is written. */
export const isComposingType = (contentType: string): boolean =>
  contentType.split(';')[0]?.trim().toLowerCase() === composingType;

/**
 * Reads a document such as
 *
 *     <isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state><refresh>90</refresh></isComposing>
 *
 * Only the two values are looked for, so nothing else that XML can do has any effect.
 *
 * @returns undefined for what names no state
 */
export function readComposing(xml: string): Composing | undefined {
  const text = xml.slice(0, longestDocument);
  const state = /<(?:\w+:)?state>\s*(active|idle)\s*</.exec(text)?.[1];
  if (state === undefined) return undefined;
  const refresh = Number(/<(?:\w+:)?refresh>\s*(\d{1,6})\s*</.exec(text)?.[1] ?? usualRefresh);
  return { state: state === 'active' ? 'active' : 'idle', refresh };
}

export const writeComposing = ({ state, refresh }: Composing): string =>
  `<?xml version="1.0" encoding="UTF-8"?><isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>${state}</state>` +
  `<contenttype>text/plain</contenttype><refresh>${refresh}</refresh></isComposing>`;

/** RFC 3994 s. 3.3: what is active without a refresh interval is so for 120 s. */
const usualRefresh = 120;
const longestDocument = 4_096;
