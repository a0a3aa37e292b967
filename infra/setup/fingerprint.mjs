import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Twelve hex digits that change when any of the texts does.
 * @param {readonly string[]} texts
 */
export function fingerprint(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:${text}`);
  return hash.digest('hex').slice(0, 12);
}

/**
 * Names and contents of all files below a folder, in an order that does not depend on the file system.
 * @param {string} folder
 * @returns {string[]}
 */
export function contentsOf(folder) {
  return filesBelow(folder).flatMap((path) => [relative(folder, path), readFileSync(path, 'utf8')]);
}

/**
 * @param {string} folder
 * @param {(name: string) => boolean} [isWanted] decides on the name of a file or folder
 * @returns {string[]} paths, sorted
 */
export function filesBelow(folder, isWanted = () => true) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => isWanted(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path, isWanted) : [path];
    });
}
