/** Most digits that anybody dials: 15 of E.164, and what a prefix adds. */
const maxDigits = 20;

/**
 * Reads what a person dials as a number: `+49 30 1234-5`, `tel:+4930...`, `0049...@our.domain`.
 *
 * @returns digits, with `+` in front if there was one (E.164); `undefined` for what is none
 */
export function telephoneNumber(user: string): string | undefined {
  // Parameters within the user part, as some phones write them (RFC 3261 s. 19.1.6).
  const [dialled = ''] = user.replace(/^tel:/i, '').split(';');
  const bare = dialled.replace(/%20|[\s().-]/g, '');
  return new RegExp(`^\\+?\\d{2,${maxDigits}}$`).test(bare) ? bare : undefined;
}
