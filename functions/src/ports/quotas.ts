/** So many times within a window of time, for each key. */
export interface Quota {
  /** What is counted, for example `addresses`. */
  readonly kind: string;
  readonly windowMs: number;
  readonly limit: number;
}

export type QuotaAnswer = { readonly granted: true } | { readonly granted: false; readonly retryAfterMs: number };

/** Counters in fixed windows of time: one item a kind, key and window. */
export interface Quotas {
  /**
   * Counts one use. One whose answer was lost counts once, unless others of the same key came between: then the
   * quota errs on the strict side.
   *
   * @param at ms since 1970
   */
  take(quota: Quota, key: string, at: number): Promise<QuotaAnswer>;
  /** What `take` would answer, without counting. */
  look(quota: Quota, key: string, at: number): Promise<QuotaAnswer>;
}
