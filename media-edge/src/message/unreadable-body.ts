/** A body that cannot be used. The text is the phrase of the answer, and begins in upper case as such phrases do. */
export class UnreadableBody extends Error {
  readonly code: 400 | 413 | 415;

  constructor(message: string, code: 400 | 413 | 415 = 400) {
    super(message);
    this.name = 'UnreadableBody';
    this.code = code;
  }
}
