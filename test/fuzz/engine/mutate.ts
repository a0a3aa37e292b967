import type { Random } from './random.ts';

export interface MutateOptions {
  readonly random: Random;
  readonly dictionary: readonly string[];
  readonly maxBytes: number;
  /** Another input, to take parts from. */
  readonly other: () => Uint8Array;
}

/** Makes a new input out of one that is known: one to a few changes, seldom many. */
export function mutate(input: Uint8Array, options: MutateOptions): Uint8Array {
  const { random, maxBytes } = options;
  if (random.once(25)) return pumped(input, options);
  const rounds = random.once(8) ? 2 + random.below(12) : 1 + random.below(3);
  let bytes = input;
  for (let round = 0; round < rounds; round++) bytes = random.pick(changes)(bytes, options);
  return bytes.length > maxBytes ? bytes.subarray(0, maxBytes) : bytes;
}

/** One short piece as often as there is room for it: what takes more than its share of time shows it here. */
function pumped(input: Uint8Array, { random, dictionary, maxBytes }: MutateOptions): Uint8Array {
  const { start, end } = part(input, random, 4);
  const mark = random.once(2) ? [random.pick(marks)] : input.subarray(start, end);
  const word = dictionary.length > 0 && random.once(3) ? Buffer.from(random.pick(dictionary), 'latin1') : mark;
  const times = Math.floor((maxBytes - input.length) / Math.max(1, word.length));
  const at = random.below(input.length + 1);
  return times < 1 ? input : replaced(input, at, at, repeated(Uint8Array.from(word), times));
}

type Change = (bytes: Uint8Array, options: MutateOptions) => Uint8Array;

const flipBit: Change = (bytes, { random }) => {
  const at = random.below(bytes.length);
  return replaced(bytes, at, at + 1, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
};

const setByte: Change = (bytes, { random }) => {
  const at = random.below(bytes.length);
  return replaced(bytes, at, at + 1, [random.once(2) ? random.below(256) : random.pick(marks)]);
};

const insertBytes: Change = (bytes, { random }) => {
  const at = random.below(bytes.length + 1);
  const fresh = Array.from({ length: 1 + random.below(8) }, () =>
    random.once(2) ? random.below(256) : random.pick(marks),
  );
  return replaced(bytes, at, at, fresh);
};

const deletePart: Change = (bytes, { random }) => {
  const { start, end } = part(bytes, random);
  return replaced(bytes, start, end, []);
};

/** A part again, once or very often: what is harmless once may not be a thousand times. */
const repeatPart: Change = (bytes, { random, maxBytes }) => {
  const { start, end } = part(bytes, random, 24);
  const piece = bytes.subarray(start, end);
  if (piece.length === 0) return bytes;
  const room = Math.max(1, Math.floor((maxBytes - bytes.length) / piece.length));
  const times = Math.min(room, random.once(12) ? 1 + random.below(5_000) : 1 + random.below(6));
  return replaced(bytes, end, end, repeated(piece, times));
};

const useWord: Change = (bytes, { random, dictionary }) => {
  if (dictionary.length === 0) return bytes;
  const word = Buffer.from(random.pick(dictionary), 'latin1');
  const at = random.below(bytes.length + 1);
  return replaced(bytes, at, random.once(2) ? at : at + word.length, word);
};

const changeNumber: Change = (bytes, { random }) => {
  const text = Buffer.from(bytes).toString('latin1');
  const numbers = [...text.matchAll(/-?\d+/g)];
  if (numbers.length === 0) return bytes;
  const found = random.pick(numbers);
  const value = random.once(3) ? String(Number(found[0]) + random.below(5) - 2) : random.pick(edges);
  return replaced(bytes, found.index, found.index + found[0].length, Buffer.from(value));
};

/** Lines are what SIP and SDP are made of: twice, gone, or elsewhere. */
const changeLines: Change = (bytes, { random, other }) => {
  const lines = linesOf(bytes);
  const at = random.below(lines.length);
  const line = lines[at] ?? Buffer.alloc(0);
  const place = random.below(lines.length + 1);
  const what = random.below(4);
  if (what === 0) lines.splice(at, 1);
  else if (what === 1) lines.splice(place, 0, line);
  else if (what === 2) lines.splice(place, 0, random.pick(linesOf(other())));
  else lines.splice(random.below(lines.length), 0, ...lines.splice(at, 1));
  return Buffer.concat(lines);
};

/** A line becomes what the same header is in another input. */
const exchangeLine: Change = (bytes, { random, other }) => {
  const lines = linesOf(bytes);
  const at = random.below(lines.length);
  const name = Buffer.from(lines[at]?.subarray(0, 2) ?? []);
  const alike = linesOf(other()).filter((line) => name.equals(line.subarray(0, 2)));
  if (alike.length > 0) lines[at] = random.pick(alike);
  return Buffer.concat(lines);
};

const spliceOther: Change = (bytes, { random, other }) => {
  const from = other();
  const cut = part(from, random);
  const { start, end } = part(bytes, random);
  return replaced(bytes, start, random.once(2) ? start : end, from.subarray(cut.start, cut.end));
};

/** Two or four bytes, big-endian, at the edges of their ranges. */
const setInteger: Change = (bytes, { random }) => {
  const at = random.below(bytes.length);
  const value = random.pick([0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]);
  const wide = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const fresh = random.once(2) ? wide : wide.slice(2);
  return replaced(bytes, at, at + fresh.length, fresh);
};

const changes: readonly Change[] = [
  flipBit,
  setByte,
  insertBytes,
  deletePart,
  repeatPart,
  useWord,
  useWord,
  changeNumber,
  changeNumber,
  changeLines,
  exchangeLine,
  spliceOther,
  setInteger,
];

/** Bytes that text protocols are cut at. */
const marks = [...Buffer.from(' \t\r\n;:,="<>@?/\\%&[]()*+-.0;;\0\x7f')];

const edges = [
  '0',
  '1',
  '-1',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '00',
  '1e9',
];

/** A stretch of the input; mostly short. */
function part(bytes: Uint8Array, random: Random, most = bytes.length): { start: number; end: number } {
  const start = random.below(bytes.length);
  const length = 1 + random.below(random.once(3) ? most : Math.min(most, 16));
  return { start, end: Math.min(bytes.length, start + length) };
}

function replaced(bytes: Uint8Array, start: number, end: number, fresh: ArrayLike<number>): Uint8Array {
  const after = bytes.subarray(Math.min(end, bytes.length));
  const result = new Uint8Array(start + fresh.length + after.length);
  result.set(bytes.subarray(0, start));
  result.set(fresh, start);
  result.set(after, start + fresh.length);
  return result;
}

function repeated(piece: Uint8Array, times: number): Uint8Array {
  const result = new Uint8Array(piece.length * times);
  for (let index = 0; index < times; index++) result.set(piece, index * piece.length);
  return result;
}

/** With their ends. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    const next = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(start, next));
    start = next;
  }
  return lines.length === 0 ? [new Uint8Array(0)] : lines;
}
