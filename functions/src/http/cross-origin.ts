import type { HttpResponse } from './message.ts';

/** Lets a page of another origin that was allowed by the settings read an answer (Fetch standard, CORS). */
export const crossOriginHeaders = (
  origin: string | undefined,
  isAllowed: boolean,
): Readonly<Record<string, string>> => {
  if (origin === undefined) return {};
  return isAllowed ? { vary: 'origin', 'access-control-allow-origin': origin } : { vary: 'origin' };
};

/** The answer to the question of a browser whether such a page may ask at all. */
export const preflight = (isAllowed: boolean): HttpResponse => ({
  status: isAllowed ? 204 : 403,
  headers: {
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers': 'authorization, content-type, accept',
    'access-control-max-age': '600',
  },
  body: '',
});
