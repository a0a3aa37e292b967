/** What a line between two days says: the weekday within a week, else the date, with the year if it is another one. */
export function dayName(at: number, now: number, locale: string): string {
  const day = new Date(at);
  const today = new Date(now);
  const daysAgo = Math.round((startOf(today) - startOf(day)) / dayMs);
  if (daysAgo === 0 || daysAgo === 1)
    return capitalised(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-daysAgo, 'day'), locale);
  if (daysAgo > 1 && daysAgo < 7)
    return capitalised(new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(day), locale);
  const year = day.getFullYear() === today.getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'long', year }).format(day);
}

/** Whether two moments are of different days, here. */
export const isNextDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() !== new Date(other).toDateString();

/** `14:05`, as the language writes it. */
export function timeOf(at: number, locale: string): string {
  let format = formats.get(locale);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
    formats.set(locale, format);
  }
  return format.format(at);
}

const startOf = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const capitalised = (text: string, locale: string): string =>
  text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1);
/** Making one costs more than using it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>();
const dayMs = 24 * 3_600_000;
