/** Code of ours that takes what strangers send. */
export interface Target {
  readonly name: string;
  /** Sound inputs to begin with. */
  readonly seeds: readonly Uint8Array[];
  /** Words that mean something to it. */
  readonly dictionary: readonly string[];
  /** Bytes of an input at most; a datagram unless told. */
  readonly maxBytes?: number;
  /** Ms of the processor that an input may take; 25 unless told. */
  readonly slowMs?: number;
  /**
   * Works on one input. Whatever it throws is a finding, so refusals that belong to the code are caught in here.
   * @throws Violation when a result is wrong
   */
  run(input: Uint8Array): void | Promise<void>;
  /** Lets work end that goes on after `run`; called now and then. */
  settle?(): Promise<void>;
}
