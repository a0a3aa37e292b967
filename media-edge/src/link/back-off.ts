/** The pause before the next attempt: doubled from attempt to attempt, spread so that a fleet does not come at once. */
export function backOffMs(attempt: number, random: () => number): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 16));
  return whole / 2 + (random() * whole) / 2;
}

const firstMs = 200;
const longestMs = 5_000;
