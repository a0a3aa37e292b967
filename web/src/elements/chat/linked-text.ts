/** A stretch of plain text: as it is, or an address that can be followed. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

/**
 * Finds the web addresses in a text. Nothing else becomes a link, and what is shown is where it leads.
 *
 * @returns all of the text, in its order
 */
export function linkedParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(webAddress)) {
    const shown = withoutTail(match[0]);
    const href = hrefOf(shown);
    if (href === undefined) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** A sentence ends after its address, and brackets close around it. */
function withoutTail(address: string): string {
  const trimmed = address.replace(/[.,;:!?'"»”’]+$/, '');
  const isOpen = trimmed.split('(').length > trimmed.split(')').length - 1;
  return isOpen || !trimmed.endsWith(')') ? trimmed : trimmed.slice(0, -1);
}

/** A name before an @ would make the host look like another one; such an address stays text. */
function hrefOf(shown: string): string | undefined {
  if (!URL.canParse(shown)) return undefined;
  const { href, username } = new URL(shown);
  return username === '' ? href : undefined;
}

const webAddress = /https?:\/\/[^\s<>]+/gi;
