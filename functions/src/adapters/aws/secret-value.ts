import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../ports/clock.ts';
import { patience } from './patience.ts';

/** A value that was read so long ago, in ms, is read again: an operator may have changed it. */
const keepMs = 5 * 60_000;
/** One that does not seem right may be read again after this time, in ms: not for each stranger who guesses. */
const doubtMs = 10_000;

/** A secret of Secrets Manager, read when it is first needed and kept for a while. */
export class SecretValue {
  readonly #id: string;
  readonly #clock: Clock;
  readonly #client = new SecretsManagerClient({ ...patience });
  #known: { readonly at: number; readonly value: Promise<string> } | undefined;

  /** @param id name or ARN */
  constructor(id: string, clock: Clock) {
    this.#id = id;
    this.#clock = clock;
  }

  value(): Promise<string> {
    return this.#notOlderThan(keepMs);
  }

  /** The value after a look at whether it was changed lately; at most every 10 s. */
  freshValue(): Promise<string> {
    return this.#notOlderThan(doubtMs);
  }

  #notOlderThan(ageMs: number): Promise<string> {
    const now = this.#clock.now();
    if (this.#known === undefined || this.#known.at + ageMs <= now) {
      this.#known = { at: now, value: this.#read() };
      // A failed read must not be what everybody is told from now on.
      this.#known.value.catch(() => {
        this.#known = undefined;
      });
    }
    return this.#known.value;
  }

  async #read(): Promise<string> {
    const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: this.#id }));
    if (SecretString === undefined || SecretString === '') throw new Error(`secret ${this.#id} has no text`);
    return SecretString;
  }
}
