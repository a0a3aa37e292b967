import { posix } from 'node:path';

/**
 * Where an import leads.
 * @typedef {{ file: string } | { library: string }} Target a path below the checkout, or the name of a package
 */

/**
 * The specifiers of all imports and re-exports of a module, types included.
 *
 * It relies on the form that the formatter gives to code: such a statement begins its line and ends with a
 * semicolon. No parser of JavaScript sees imports of types, and those count here.
 *
 * @param {string} code
 * @returns {string[]}
 */
export function specifiersOf(code) {
  const statements = code.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])(?<specifier>.+?)\1/gm);
  const sideEffects = code.matchAll(/^\s*import\s*(['"])(?<specifier>.+?)\1/gm);
  const calls = code.matchAll(/\bimport\(\s*(['"])(?<specifier>.+?)\1/g);
  return [...statements, ...sideEffects, ...calls].flatMap(({ groups }) => groups?.specifier ?? []);
}

/**
 * @param {string} specifier
 * @param {string} importer path below the checkout
 * @returns {Target}
 */
export function targetOf(specifier, importer) {
  if (specifier.startsWith('.')) return { file: posix.join(posix.dirname(importer), specifier) };
  if (specifier.startsWith('@sylk/protocol/'))
    return { file: specifier.replace('@sylk/protocol', 'functions/protocol/src') };
  if (specifier.startsWith('node:')) return { library: specifier };
  return { library: specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/') };
}
