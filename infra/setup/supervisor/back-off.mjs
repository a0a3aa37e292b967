/**
 * How long to wait before a process that died is started again.
 *
 * @typedef {object} BackOffLimits
 * @property {number} firstMs
 * @property {number} mostMs
 * @property {number} forgottenAfterMs a process that ran this long has no past
 */

/** @type {BackOffLimits} */
export const backOffLimits = { firstMs: 250, mostMs: 15_000, forgottenAfterMs: 60_000 };

/**
 * @param {BackOffLimits} [limits]
 * @returns {(ranForMs: number) => number} gives the wait after a death, doubling while deaths are close together
 */
export function backOff({ firstMs, mostMs, forgottenAfterMs } = backOffLimits) {
  let deaths = 0;
  return (ranForMs) => {
    deaths = ranForMs >= forgottenAfterMs ? 1 : deaths + 1;
    return Math.min(mostMs, firstMs * 2 ** (deaths - 1));
  };
}
