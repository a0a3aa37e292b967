/**
 * The address in the path of a call link, `/call/bob@example.org`.
 *
 * @returns undefined for any other path
 */
export function calledAddress(path: string): string | undefined {
  const part = /^\/call\/([^/]+)\/?$/.exec(path)?.[1];
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch (error) {
    // A stray percent sign: the address field will say what is wrong with it.
    if (error instanceof URIError) return part;
    throw error;
  }
}
