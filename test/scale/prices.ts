/**
 * List prices of AWS in us-east-1 in USD, autumn 2026, without free tiers and discounts. They change: check them before
 * relying on a sum; the ratios last longer.
 */
export const prices = {
  /** API Gateway WebSocket: a million messages in units of 32 KB, and a million minutes of open connections. */
  messagesMillion: 1.0,
  connectionMinutesMillion: 0.25,
  /** Lambda: a million requests; a GB-second on arm64. */
  lambdaMillion: 0.2,
  lambdaGbSecond: 0.0000133334,
  /** DynamoDB on demand: a million writes of 1 KB, a million strongly consistent reads of 4 KB. */
  writesMillion: 0.625,
  readsMillion: 0.125,
  /** Data to the Internet, a GB. */
  trafficGb: 0.09,
  /** An edge for an hour: c7g.large (2 cores) and its public IPv4 address. */
  edgeHour: 0.0725 + 0.005,
} as const;
