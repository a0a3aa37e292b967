/** `0:07`, `12:34`, `1:02:03`: the length of a call. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** When something was: the time today, the weekday within a week, else the date. */
export function whenWas(at: number, now: number, locale: string): string {
  const day = new Date(at);
  if (day.toDateString() === new Date(now).toDateString()) {
    return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(day);
  }
  const isThisWeek = now - at < 6 * 24 * 3600_000;
  return new Intl.DateTimeFormat(locale, isThisWeek ? { weekday: 'long' } : { day: 'numeric', month: 'short' }).format(
    day,
  );
}

/**
 * How long something still lasts, in its largest unit, rounded so that no time is promised that is not there.
 *
 * @returns undefined when less than a minute is left
 */
export function timeLeft(ms: number, locale: string): string | undefined {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return undefined;
  if (minutes < 90) return inUnits(minutes, 'minute', locale);
  if (minutes < 48 * 60) return inUnits(Math.floor(minutes / 60), 'hour', locale);
  return inUnits(Math.floor(minutes / 1440), 'day', locale);
}

function inUnits(value: number, unit: string, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
