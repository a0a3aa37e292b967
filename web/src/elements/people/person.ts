/** A far side as the gateway names it. */
export interface Person {
  readonly uri: string;
  readonly displayName: string;
}

/** What to call somebody: the display name if there is one, else the number or the address. */
export function nameOf(person: Person): string {
  const name = person.displayName.trim();
  if (name !== '') return name;
  const address = plainAddress(person.uri);
  const user = address.split('@')[0] ?? '';
  return /^\+?\d{3,}$/.test(user) ? user : address;
}

/** The address without a scheme, as people write it. */
export function plainAddress(uri: string): string {
  return uri.replace(/^(sips?|xmpp):/i, '');
}

/** True when name and address differ, so that both are worth a line. */
export function hasOwnName(person: Person): boolean {
  return nameOf(person) !== plainAddress(person.uri);
}

/** One or two letters for the picture of somebody without one; empty for a number. */
export function initials(person: Person): string {
  const name = hasOwnName(person) ? nameOf(person) : (plainAddress(person.uri).split('@')[0] ?? '');
  const words = name.split(/[\s._-]+/).filter((word) => /^\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  return letters
    .map((word) => (word === undefined ? '' : ([...word][0] ?? '')))
    .join('')
    .toUpperCase();
}

/** One of six tints, always the same for the same address. */
export function tintOf(uri: string): number {
  let hash = 0;
  for (const letter of plainAddress(uri).toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return hash % 6;
}
