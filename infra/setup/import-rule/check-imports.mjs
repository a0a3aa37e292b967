import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { filesBelow } from '../fingerprint.mjs';
import { violationsOf } from './violations.mjs';

const packages = ['functions', 'media-edge', 'web', 'infra', 'test'];

/**
 * Holds every source file of the checkout against the table.
 * @param {string} checkout
 * @returns {string[]} what is wrong, one sentence each
 */
export function checkImports(checkout) {
  return packages
    .map((name) => join(checkout, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => filesBelow(folder, (name) => name !== 'node_modules'))
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .flatMap((path) => violationsOf(relative(checkout, path).split(sep).join('/'), readFileSync(path, 'utf8')));
}
