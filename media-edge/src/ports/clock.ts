/** Time as the calls see it; the composition root gives the machine's, tests give `FakeClock`. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `delayMs`, unless cancelled before. */
  after(delayMs: number, callback: () => void): Timer;
}

export interface Timer {
  /** Safe to repeat, also after the callback ran. */
  cancel(): void;
}
