/**
 * MD5 of a text's UTF-8 bytes, in lower-case hex (RFC 1321): SIP digests still need it (RFC 3261 s. 22.4),
 * and the browser's own `crypto.subtle` does not offer it.
 */
export function md5(text: string): string {
  const words = paddedWords(new TextEncoder().encode(text));
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let offset = 0; offset < words.length; offset += 16)
    state = addStates(state, compress(state, words.subarray(offset, offset + 16)));
  return state.map(littleEndianHex).join('');
}

type State = [number, number, number, number];

/** RFC 1321 s. 3.1 and 3.2: one bit, zeros, then the length in bits as 64 bits, all little-endian. */
function paddedWords(bytes: Uint8Array): Uint32Array {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, bytes.length << 3, true);
  view.setUint32(padded.length - 4, Math.floor(bytes.length / 0x20000000), true);
  return Uint32Array.from({ length: padded.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}

/** RFC 1321 s. 3.4: four rounds of sixteen operations. */
function compress(start: State, block: Uint32Array): State {
  let [a, b, c, d] = start;
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    const [mixed, index] = mix(round, step, [b, c, d]);
    const turned = turnLeft((a + mixed + (sines[step] ?? 0) + (block[index] ?? 0)) | 0, turns[round]?.[step & 3] ?? 0);
    [a, b, c, d] = [d, (b + turned) | 0, b, c];
  }
  return [a, b, c, d];
}

function mix(round: number, step: number, [b, c, d]: [number, number, number]): [value: number, wordIndex: number] {
  if (round === 0) return [(b & c) | (~b & d), step];
  if (round === 1) return [(b & d) | (c & ~d), (5 * step + 1) & 15];
  if (round === 2) return [b ^ c ^ d, (3 * step + 5) & 15];
  return [c ^ (b | ~d), (7 * step) & 15];
}

const addStates = (one: State, two: State): State => [
  (one[0] + two[0]) | 0,
  (one[1] + two[1]) | 0,
  (one[2] + two[2]) | 0,
  (one[3] + two[3]) | 0,
];
const turnLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const littleEndianHex = (word: number): string =>
  [0, 8, 16, 24].map((shift) => ((word >>> shift) & 0xff).toString(16).padStart(2, '0')).join('');

const sines = Uint32Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32));
const turns = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
