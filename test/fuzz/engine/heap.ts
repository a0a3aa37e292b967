import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes that are still in use in this thread after everything unreachable has been thrown away. */
export function heldBytes(): number {
  if (typeof collect !== 'function') throw new Error('v8 gave no gc');
  // What buffers held is only counted as free with the next collection.
  for (let time = 0; time < 3; time++) collect();
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Growth below this is what compiled code and caches of V8 need, in bytes for one input and for one stretch. */
const bytesPerInput = 24;
const bytesPerStretch = 256 * 1024;
/** A leak grows each time; what is filled once does not. */
const stretchesInARow = 5;

/** Tells memory that is filled once, such as a table with a limit, from memory that grows with each input. */
export class LeakWatch {
  #inARow = 0;

  /** @returns true when the last stretches all grew */
  grew(bytes: number, inputs: number): boolean {
    const isGrowth = bytes > bytesPerStretch && bytes > inputs * bytesPerInput;
    this.#inARow = isGrowth ? this.#inARow + 1 : 0;
    return this.#inARow >= stretchesInARow;
  }
}
