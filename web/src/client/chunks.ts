/**
 * One piece of a long text as existing clients cut it, known by an invisible mark in front:
 *
 *     U+2060 U+2061 <group> U+200D <index> U+200D <total> U+2061 U+2060 text
 *
 * where the numbers are binary, with U+200B for 0 and U+200C for 1. This library sends a text whole, and only reads them.
 */
export interface Chunk {
  readonly group: number;
  readonly index: number;
  readonly total: number;
  readonly text: string;
}

/** @returns undefined for a text that is no piece of a longer one */
export function readChunk(content: string): Chunk | undefined {
  const [mark, group, index, total] = markForm.exec(content) ?? [];
  if (mark === undefined) return undefined;
  const chunk = { group: numberOf(group), index: numberOf(index), total: numberOf(total) };
  return chunk.total >= 1 && chunk.total <= mostPieces ? { ...chunk, text: content.slice(mark.length) } : undefined;
}

/** The pieces that are here, until one text is complete. */
export class ChunkGroups<Piece> {
  readonly #groups = new Map<string, Map<number, { readonly text: string; readonly piece: Piece }>>();

  /**
   * @param sender pieces of two senders never mix
   * @returns the whole text and its pieces in their order, once the last one is here
   */
  add(sender: string, chunk: Chunk, piece: Piece): { text: string; pieces: readonly Piece[] } | undefined {
    const key = `${sender} ${chunk.group} ${chunk.total}`;
    const group = this.#groups.get(key) ?? new Map();
    this.#groups.set(key, group.set(chunk.index, { text: chunk.text, piece }));
    if (this.#groups.size > mostGroups) this.#forgetOldest();
    if (group.size < chunk.total) return undefined;
    this.#groups.delete(key);
    const parts = [...group].sort(([one], [other]) => one - other).map(([, part]) => part);
    return { text: parts.map(({ text }) => text).join(''), pieces: parts.map((part) => part.piece) };
  }

  #forgetOldest(): void {
    const [oldest] = this.#groups.keys();
    if (oldest !== undefined) this.#groups.delete(oldest);
  }
}

const numberOf = (digits = ''): number =>
  Number.parseInt(digits.replaceAll('\u200b', '0').replaceAll('\u200c', '1'), 2);

const markForm =
  /^\u2060\u2061([\u200b\u200c]{1,24})\u200d([\u200b\u200c]{1,14})\u200d([\u200b\u200c]{1,14})\u2061\u2060/;
const mostPieces = 10_000;
/** Incomplete texts that are kept; whoever sends more loses the oldest. */
const mostGroups = 64;
