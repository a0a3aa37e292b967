import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

/** The longest pause before the first repetition, in ms; it doubles each time up to the second figure. */
const firstPauseMs = 25;
const longestPauseMs = 1_000;

/** What a try can know of those before it. */
export interface Try {
  /** An earlier one may have been carried out although its answer never came. */
  readonly mayBeDone: boolean;
}

/**
 * Asks DynamoDB until it answers, with random pauses that grow, for `deadlineMs` at most.
 *
 * @param what names the request in errors
 * @throws Error when it would take longer, or when DynamoDB refuses the request for itself
 */
export const untilAnswered = async <Answer>(
  what: string,
  deadlineMs: number,
  attempt: (of: Try) => Promise<Answer>,
): Promise<Answer> => {
  const startedAt = performance.now();
  let mayBeDone = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await attempt({ mayBeDone });
    } catch (error) {
      const kind = kindOf(error);
      if (kind === 'refused') throw refusal(what, error);
      if (kind === 'unanswered') mayBeDone = true;
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

/** Troubles of the network: whether the request was carried out is not known. */
const networkTroubles = /^(TimeoutError|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)$/;

const kindOf = (error: unknown): 'throttled' | 'unanswered' | 'refused' => {
  if (!(error instanceof Error)) return 'refused';
  if (throttles.has(error.name)) return 'throttled';
  if (error instanceof DynamoDBServiceException) return error.$fault === 'server' ? 'unanswered' : 'refused';
  const code = 'code' in error ? String(error.code) : '';
  return networkTroubles.test(error.name) || networkTroubles.test(code) ? 'unanswered' : 'refused';
};

const refusal = (what: string, error: unknown): Error =>
  new Error(`the store refuses ${what}: ${nameOf(error)}`, { cause: error });

const tooSlow = (what: string, deadlineMs: number, error: unknown): Error =>
  new Error(`the store has not answered ${what} within ${deadlineMs} ms, try again later: ${nameOf(error)}`, {
    cause: error,
  });

const nameOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
