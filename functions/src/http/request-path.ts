/** Largest request body, in bytes: far above any that the API takes. */
export const maxBodyBytes = 16 * 1024;

/** `/api/addresses/a%40b` as `['api', 'addresses', 'a@b']`. @returns undefined when it cannot be read (RFC 3986 s. 2.1) */
export const decodePath = (path: string): string[] | undefined => {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};
