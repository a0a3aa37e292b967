/**
 * How long the SDK waits for a service, in ms, and how often it tries: a throttled or failed request is repeated with
 * growing, random pauses. All tries together stay below the limit that a function keeps for its answer.
 */
export const patience = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;
