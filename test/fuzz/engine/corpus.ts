import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random.ts';

/** Inputs that each showed something new, of one target. */
export class Corpus {
  readonly #seeds: readonly Uint8Array[];
  readonly #inputs: Uint8Array[] = [];
  /** Of all inputs; part of the memory that a fuzzer needs for itself. */
  bytes = 0;

  /** @param seeds sound inputs */
  constructor(seeds: readonly Uint8Array[]) {
    this.#seeds = seeds;
  }

  get size(): number {
    return this.#inputs.length;
  }

  get inputs(): readonly Uint8Array[] {
    return this.#inputs;
  }

  add(input: Uint8Array): void {
    this.#inputs.push(input.slice());
    this.bytes += input.length;
  }

  /** A sound one now and then; else the smaller of two, as large inputs cost time and seldom say more. */
  pick(random: Random): Uint8Array {
    if (this.#seeds.length > 0 && random.once(4)) return random.pick(this.#seeds);
    const [one, other] = [this.#pickOne(random), this.#pickOne(random)];
    return one.length <= other.length ? one : other;
  }

  /** Often one that came lately: it is the least known. */
  #pickOne(random: Random): Uint8Array {
    const { length } = this.#inputs;
    const at = random.once(2) ? random.below(length) : length - 1 - random.below(Math.min(length, 20));
    return this.#inputs[at] ?? new Uint8Array(0);
  }
}

/** Inputs that are kept from one run to the next: `<folder>/<target>.json`, a list of texts with a byte in each character. */
export function keptInputs(folder: string, target: string): Uint8Array[] {
  const file = fileOf(folder, target);
  const texts: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  return Array.isArray(texts) ? texts.map((text) => Buffer.from(String(text), 'latin1')) : [];
}

/** The same inputs make the same file, in whatever order they were found. */
export function keepInputs(folder: string, target: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(folder, { recursive: true });
  const texts = inputs.map((input) => Buffer.from(input).toString('latin1')).toSorted();
  writeFileSync(fileOf(folder, target), `${JSON.stringify(texts, null, 2)}\n`);
}

const fileOf = (folder: string, target: string): string => join(folder, `${target}.json`);

/** Short, and the same for the same bytes. */
export const nameOf = (input: Uint8Array): string => createHash('sha256').update(input).digest('hex').slice(0, 12);
