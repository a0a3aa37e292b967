/** An action did not work; the message is a sentence for the person who asked for it. */
export class Sentence extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'Sentence';
  }
}
