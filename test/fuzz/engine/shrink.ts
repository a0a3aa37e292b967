/** How often a smaller input is tried. */
const maxTries = 400;

/**
 * Makes an input that shows a fault smaller, as long as it shows it.
 *
 * @param shows whether an input still does; must be quick
 */
export async function shrink(input: Uint8Array, shows: (smaller: Uint8Array) => Promise<boolean>): Promise<Uint8Array> {
  let best = input;
  let tries = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1 && tries < maxTries; size = Math.floor(size / 2)) {
    for (let start = 0; start < best.length && tries < maxTries; tries++) {
      const smaller = Buffer.concat([best.subarray(0, start), best.subarray(start + size)]);
      if (await shows(smaller)) best = smaller;
      else start += size;
    }
  }
  return best;
}
