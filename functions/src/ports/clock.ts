/** Time as the signaling code sees it; tests bring their own. */
export interface Clock {
  /** @returns ms since 1970 */
  now(): number;
  /** Resolves after `ms`. */
  sleep(ms: number): Promise<void>;
}
