/**
 * The headers that a client asked to see.
 *
 * @param prefixes of header names, in any case (RFC 3261 s. 7.3.1)
 * @returns `undefined` if there are none, since the field is left out then
 */
export function shownHeaders(
  prefixes: readonly string[],
  headers: readonly { readonly name: string; readonly value: string }[],
): Readonly<Record<string, string>> | undefined {
  const wanted = prefixes.map((prefix) => prefix.toLowerCase());
  const shown = headers.filter(({ name }) => wanted.some((prefix) => name.toLowerCase().startsWith(prefix)));
  return shown.length === 0 ? undefined : Object.fromEntries(shown.map(({ name, value }) => [name, value]));
}
