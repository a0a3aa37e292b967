/** Reads the headers of frames from a stream of bytes (RFC 6455 s. 5.2), however it is cut. */
export class FrameLengths {
  #header = Buffer.alloc(0);
  /** Bytes of the current frame that are still to come. */
  #left = 0;

  /** @returns payload lengths of the frames whose header is complete with these bytes */
  push(bytes: Buffer): readonly number[] {
    const lengths: number[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      const skipped = Math.min(this.#left, rest.length);
      this.#left -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) break;
      const known = this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, longestHeader - known)]);
      const header = readHeader(this.#header);
      if (header === undefined) break;
      lengths.push(header.payload);
      rest = rest.subarray(header.size - known);
      this.#left = header.payload;
      this.#header = Buffer.alloc(0);
    }
    return lengths;
  }
}

/** Two bytes, eight of an extended length, four of a mask. */
const longestHeader = 14;

const readHeader = (bytes: Buffer): { readonly size: number; readonly payload: number } | undefined => {
  const second = bytes[1];
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0;
  const size = 2 + extended + (second & 0x80 ? 4 : 0);
  if (bytes.length < size) return undefined;
  if (extended === 0) return { size, payload: short };
  return { size, payload: extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)) };
};
