import { en, type Messages } from './en.ts';

/** The languages that the page speaks, as primary subtags of BCP 47. */
export const languages = ['en', 'de', 'es', 'fr', 'nl', 'ro'] as const;

export type Language = (typeof languages)[number];

/**
 * The language to speak to somebody.
 *
 * @param wanted BCP 47 tags, the best first, as `navigator.languages` has them
 */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const spoken = languages.find((language) => language === tag.toLowerCase().split('-')[0]);
    if (spoken !== undefined) return spoken;
  }
  return 'en';
}

/** All texts in a language; each but English is a file of its own that is fetched when it is wanted. */
export async function loadMessages(language: Language): Promise<Messages> {
  switch (language) {
    case 'en':
      return en;
    case 'de':
      return (await import('./de.ts')).de;
    case 'es':
      return (await import('./es.ts')).es;
    case 'fr':
      return (await import('./fr.ts')).fr;
    case 'nl':
      return (await import('./nl.ts')).nl;
    case 'ro':
      return (await import('./ro.ts')).ro;
  }
}
