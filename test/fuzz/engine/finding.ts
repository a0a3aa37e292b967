/** What a fuzzer can find. `wrong`: the code went on where it had to refuse, or gave a wrong result. */
export type FindingKind = 'throw' | 'hang' | 'slow' | 'leak' | 'wrong';

export interface Finding {
  readonly target: string;
  readonly kind: FindingKind;
  /** In words; the same fault has the same words, whatever input shows it. */
  readonly reason: string;
  /** What shows it; the last one that ran for a leak. */
  readonly input: Uint8Array;
}

/** Thrown by a target whose code gave a result that cannot be right. */
export class Violation extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Violation';
  }
}

/** @throws Violation unless it holds */
export function must(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new Violation(reason);
}
