/**
 * An elapsed time as a person says it: `0.4 s`, `12 s`, `3 min 5 s`.
 * @param {number} ms
 */
export function spoken(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
