/** Ids that count once. */
export interface Nonces {
  /**
   * Uses a nonce up.
   *
   * @param expiresAt ms since 1970 after which it is refused for its age anyway and may be forgotten
   * @returns false when it was used before
   */
  use(kind: string, nonce: string, expiresAt: number): Promise<boolean>;
}
