/**
 * Reads an indication that somebody writes (RFC 3994):
 *
 *     <isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state><refresh>90</refresh></isComposing>
 *
 * Only the two values are looked for, so nothing else that XML can do has any effect.
 *
 * @returns undefined for what names no state; `refresh` in s
 */
export function readComposing(xml: string): { state: 'active' | 'idle'; refresh: number } | undefined {
  const text = xml.slice(0, longestDocument);
  const state = /<(?:\w+:)?state>\s*(active|idle)\s*</.exec(text)?.[1];
  if (state === undefined) return undefined;
  const refresh = Number(/<(?:\w+:)?refresh>\s*(\d{1,6})\s*</.exec(text)?.[1] ?? usualRefresh);
  return { state: state === 'active' ? 'active' : 'idle', refresh };
}

export const composingType = 'application/im-iscomposing+xml';
/** RFC 3994 s. 3.3: what is active without a refresh interval is so for 120 s. */
const usualRefresh = 120;
const longestDocument = 4_096;
