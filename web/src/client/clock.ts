/** Time as the library sees it; a test puts its own in place. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  after(delayMs: number, callback: () => void): Timer;
}

export interface Timer {
  /** Safe to call late or twice. */
  cancel(): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
