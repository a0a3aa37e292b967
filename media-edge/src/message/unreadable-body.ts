/** A body that cannot be used. The text is the phrase of the answer, and begins in upper case as such phrases do. */
export class UnreadableBody extends Error {
  readonly code: 400 | 413 | 415;

  constructor(message: string, options: ErrorOptions & { readonly code?: UnreadableBody['code'] } = {}) {
    super(message, options);
    this.name = 'UnreadableBody';
    this.code = options.code ?? 400;
  }
}
