import { setTimeout as sleep } from 'node:timers/promises';

/** What became of one try. */
export type Try<Outcome> =
  | { readonly outcome: Outcome }
  | { readonly failure: unknown; readonly isWorthAnother: boolean };

export interface Persistence {
  /** Tries in all. */
  readonly tries: number;
  /** The first pause lies between half of this and all of it, each further one is twice as long; in ms. */
  readonly pauseMs: number;
}

/** Gives up after about 5 s of pauses: who has got nothing for so long resumes on another socket. */
const usual: Persistence = { tries: 7, pauseMs: 80 };

/**
 * Tries until it comes to an outcome. Pauses are random, so that all who were turned away do not come back at once.
 *
 * @throws the last failure, when another try is not worth it or there were enough
 */
export const persistently = async <Outcome>(
  attempt: () => Promise<Try<Outcome>>,
  { tries, pauseMs }: Persistence = usual,
): Promise<Outcome> => {
  for (let made = 1; ; made += 1) {
    const result = await attempt();
    if ('outcome' in result) return result.outcome;
    if (!result.isWorthAnother || made >= tries) throw result.failure;
    await sleep(pauseMs * 2 ** (made - 1) * (0.5 + Math.random() / 2));
  }
};
