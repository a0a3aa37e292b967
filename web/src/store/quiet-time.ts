import type { Memory } from './browser.ts';

/** Whether this browser is left in peace. It is read anew each time: the other tabs change it too. */
export class QuietTime {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get isOn(): boolean {
    return this.#memory.read(key) === 'yes';
  }

  set(isOn: boolean): void {
    if (isOn) this.#memory.write(key, 'yes');
    else this.#memory.forget(key);
  }
}

const key = 'sylk.undisturbed';
