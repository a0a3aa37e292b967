/**
 * Memory that the fuzzing thread and its watcher share. A thread that hangs cannot say so; its watcher sees that no
 * input ended, and reads which one it is.
 *
 *     0 inputs begun    1 inputs ended    2 target    3 length of the input    then the input
 */
const head = 4;
const maxInputBytes = 64 * 1024;

export class Beacon {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #input: Uint8Array;

  /** @param memory that of the other side; without it new memory is made */
  constructor(memory = new SharedArrayBuffer(4 * head + maxInputBytes)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, head);
    this.#input = new Uint8Array(memory, 4 * head);
  }

  /** An input is about to run. */
  begin(target: number, input: Uint8Array): void {
    this.#input.set(input.length > maxInputBytes ? input.subarray(0, maxInputBytes) : input);
    Atomics.store(this.#numbers, 2, target);
    Atomics.store(this.#numbers, 3, Math.min(input.length, maxInputBytes));
    Atomics.add(this.#numbers, 0, 1);
  }

  end(): void {
    Atomics.add(this.#numbers, 1, 1);
  }

  get begun(): number {
    return Atomics.load(this.#numbers, 0);
  }

  get isWithin(): boolean {
    return this.begun !== Atomics.load(this.#numbers, 1);
  }

  /** The input that runs, or ran last. */
  get current(): { readonly target: number; readonly input: Uint8Array } {
    return { target: Atomics.load(this.#numbers, 2), input: this.#input.slice(0, Atomics.load(this.#numbers, 3)) };
  }
}
