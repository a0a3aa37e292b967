import { specifiersOf, targetOf } from './imports.mjs';
import { homes, rows, wiring } from './table.mjs';

/** @typedef {import('./imports.mjs').Target} Target */
/** @typedef {import('./table.mjs').Row} Row */

/**
 * What is wrong with the imports of one file.
 *
 * @param {string} file path below the checkout, with `/`
 * @param {string} code
 * @returns {string[]} one sentence each
 */
export function violationsOf(file, code) {
  if (wiring.some((pattern) => pattern.test(file))) return [];
  const row = rows.find(({ from }) => isWithin(file, from));
  if (!row) return [`${file}: its folder has no row in infra/setup/import-rule/table.mjs, so give it one`];
  return specifiersOf(code)
    .map((specifier) => ({ specifier, fault: faultOf(targetOf(specifier, file), file, row) }))
    .flatMap(({ specifier, fault }) => (fault ? [`${file}: imports '${specifier}', but ${fault}`] : []));
}

/**
 * @param {Target} target
 * @param {string} file
 * @param {Row} row
 * @returns {string | undefined}
 */
function faultOf(target, file, row) {
  if ('library' in target) return faultOfLibrary(target.library, file, row);
  if ([row.from, ...row.may].some((place) => isWithin(target.file, place))) return undefined;
  return `${row.from} may import only from ${row.may.join(', ') || 'itself'}`;
}

/**
 * @param {string} library
 * @param {string} file
 * @param {Row} row
 * @returns {string | undefined}
 */
function faultOfLibrary(library, file, { from, libraries }) {
  if (libraries && !libraries.includes(library)) {
    return `${from} is pure: it takes ports instead of ${library} (allowed: ${libraries.join(', ') || 'none'})`;
  }
  const home = homes.get(library);
  if (!home || home.some((place) => isWithin(file, place))) return undefined;
  return `${library} lives only in ${home.join(' and ')}`;
}

/**
 * @param {string} path
 * @param {string} place a folder or file
 */
function isWithin(path, place) {
  return path === place || path.startsWith(`${place}/`);
}
