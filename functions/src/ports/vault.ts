/** Keeps secrets of accounts so that the store alone does not tell them. */
export interface Vault {
  /**
   * Encrypts and signs.
   *
   * @param context what it belongs to; it opens with the same context only
   */
  seal(text: string, context: string): Promise<string>;
  /** @throws Error when it was not sealed here, or with another context */
  open(sealed: string, context: string): Promise<string>;
  /** A name for a secret: equal for equal ones, and nothing can be learnt from it. */
  nameOf(text: string): Promise<string>;
}
