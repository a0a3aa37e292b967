import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { en } from './en.ts';
import { type Language, languages, loadMessages, pickLanguage } from './languages.ts';

/** Every text of a set by its path; a function is called with marks that must come back in what it says. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value(...marksFor(path)))]];
  assert.ok(typeof value === 'object' && value !== null, path);
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

/** Arguments by what the function is about: a person with an address and a domain first, or plain words. */
function marksFor(path: string): unknown[] {
  const isOfSubject = /^\.store\.(cause|notice\.(blocked|videoDeclined)|error\.videoRefused)/.test(path);
  const person = { who: '‹who›', address: '‹address›', domain: '‹domain›' };
  const isPlain = /brokenCall|switched/.test(path) || !isOfSubject;
  return isPlain ? ['‹1›', '‹2›', '‹3›'] : [person, '‹code›'];
}

const marksIn = (text: string): string[] => [...text.matchAll(/‹[^›]+›/g)].map(([mark]) => mark).sort();

describe('other languages', () => {
  const english = textsOf(en);

  test('the page is spoken in these', () => {
    assert.deepEqual(languages, ['en', 'de', 'es', 'fr', 'nl', 'ro']);
  });

  for (const language of languages) {
    test(`every text is there in ${language}, with all that it names, and says something`, async () => {
      const texts = textsOf(await loadMessages(language));
      const paths = (list: typeof texts) => list.map(([path]) => path).sort();
      assert.deepEqual(paths(texts), paths(english));
      const byPath = new Map(texts);
      for (const [path, text] of english) {
        const other = byPath.get(path) ?? '';
        assert.notEqual(other.trim(), '', path);
        assert.deepEqual(marksIn(other), marksIn(text), `${path}: ${other}`);
      }
    });
  }

  test('they are not English: no sentence was left as it was', async () => {
    const sentences = english.filter(([, text]) => text.split(' ').length > 3);
    for (const language of languages.filter((one) => one !== 'en')) {
      const byPath = new Map(textsOf(await loadMessages(language)));
      const same = sentences.filter(([path, text]) => byPath.get(path) === text).map(([path]) => path);
      assert.deepEqual(same, [], language);
    }
  });

  test('the first language that is both wanted and there is spoken, else English', () => {
    const rows: readonly (readonly [readonly string[], Language])[] = [
      [['de-AT', 'en'], 'de'],
      [['pt-BR', 'es-MX', 'en'], 'es'],
      [['FR'], 'fr'],
      [['en-GB', 'nl'], 'en'],
      [['ja', 'zh-Hant'], 'en'],
      [['dea', ''], 'en'],
      [[], 'en'],
    ];
    for (const [wanted, spoken] of rows) assert.equal(pickLanguage(wanted), spoken, wanted.join());
  });
});
