import { setTimeout as sleep } from 'node:timers/promises';

/** The longest pause before the first repetition, in ms; it doubles each time up to the second figure. */
const firstPauseMs = 25;
const longestPauseMs = 1_000;

/**
 * Asks DynamoDB, or the API of connections, until it answers, with random pauses that grow, for `deadlineMs` at most.
 *
 * @param what names the request in errors
 * @throws Error when it would take longer, or when the request is refused for itself
 */
export const untilAnswered = async <Answer>(
  what: string,
  deadlineMs: number,
  attempt: () => Promise<Answer>,
): Promise<Answer> => {
  const startedAt = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw refusal(what, error);
      const waitMs = pauseMs * Math.random();
      if (performance.now() - startedAt + waitMs >= deadlineMs) throw tooSlow(what, deadlineMs, error);
      await sleep(waitMs);
    }
  }
};

const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);

const networkTroubles = /^(TimeoutError|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)$/;

/** Whether the same request may get another answer. It may have been carried out already; conditions see to that. */
const isPassing = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  // What a service answers has a fault; what the network does has not.
  if ('$fault' in error) return error.$fault === 'server' || throttles.has(error.name);
  const code = 'code' in error ? String(error.code) : '';
  return [error.name, code].some((name) => throttles.has(name) || networkTroubles.test(name));
};

const refusal = (what: string, error: unknown): Error =>
  new Error(`AWS refuses ${what}: ${nameOf(error)}`, { cause: error });

const tooSlow = (what: string, deadlineMs: number, error: unknown): Error =>
  new Error(`AWS has not answered ${what} within ${deadlineMs} ms, try again later: ${nameOf(error)}`, {
    cause: error,
  });

const nameOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
