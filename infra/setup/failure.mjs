/**
 * Something that the person at the terminal can put right: what happened, and what to do about it.
 * Everything else that is thrown is a fault of ours and is shown with its stack.
 */
export class SetupFailure extends Error {
  /**
   * @param {string} message lower case, with the value seen
   * @param {string} advice  what to do, best a line to copy
   * @param {ErrorOptions} [options]
   */
  constructor(message, advice, options) {
    super(message, options);
    this.advice = advice;
  }
}
