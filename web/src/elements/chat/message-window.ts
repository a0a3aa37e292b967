/** Messages are drawn in blocks of so many; blocks keep their bounds while messages are added at the end. */
export const blockSize = 50;

/** Blocks of messages that are drawn: from this one to the last. */
export interface MessageWindow {
  readonly firstBlock: number;
}

/** The newest page: the last block and the one before, so that there is something to scroll at once. */
export const newestPage = (count: number): MessageWindow => ({
  firstBlock: Math.max(0, Math.ceil(count / blockSize) - 2),
});

/** One page more at the top. */
export const olderPage = ({ firstBlock }: MessageWindow): MessageWindow => ({
  firstBlock: Math.max(0, firstBlock - 1),
});

/** From the block before the message on, so that what was said before is to be seen. */
export const pageWith = (window: MessageWindow, index: number): MessageWindow => ({
  firstBlock: Math.max(0, Math.min(window.firstBlock, Math.floor(index / blockSize) - 1)),
});

/** Messages that are drawn together. */
export interface MessageBlock<Item> {
  readonly block: number;
  /** Place of its first one among all. */
  readonly start: number;
  readonly items: readonly Item[];
}

/** The blocks of a window. */
export function blocksOf<Item>({ firstBlock }: MessageWindow, items: readonly Item[]): readonly MessageBlock<Item>[] {
  const last = Math.ceil(items.length / blockSize);
  return Array.from({ length: Math.max(0, last - firstBlock) }, (_, index) => {
    const block = firstBlock + index;
    const start = block * blockSize;
    return { block, start, items: items.slice(start, start + blockSize) };
  });
}
