import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { filesBelow } from '../fingerprint.mjs';

/**
 * Tests that need the same things of the machine.
 *
 * @typedef {object} Ring
 * @property {string} name
 * @property {number} concurrency files at once
 * @property {boolean} needsWorker whether they start the media worker
 * @property {boolean} needsPeers whether they start browsers, phones and the like
 * @property {(file: string) => boolean} has whether a test file (path below the checkout, with `/`) belongs to it
 */

/** @type {readonly Ring[]} A file belongs to the first ring that has it. */
export const rings = [
  // Phones and proxies without a browser: they wait more than they work. A flood leaves nothing to anyone beside it.
  {
    name: 'sip',
    concurrency: 2,
    needsWorker: true,
    needsPeers: true,
    has: (file) => file.startsWith('test/interop/sip/') && !file.includes('flood'),
  },
  // One at a time: they hold on to processors, ports and network namespaces.
  {
    name: 'interop',
    concurrency: 1,
    needsWorker: true,
    needsPeers: true,
    has: (file) => file.startsWith('test/interop/'),
  },
  // Everything that is deployed, one cloud at a time.
  {
    name: 'cloud',
    concurrency: 1,
    needsWorker: true,
    needsPeers: false,
    has: (file) => file.startsWith('test/scenario/cloud-'),
  },
  {
    name: 'scenario',
    concurrency: 2,
    needsWorker: true,
    needsPeers: false,
    has: (file) => file.startsWith('test/scenario/'),
  },
  {
    name: 'contract',
    concurrency: 2,
    needsWorker: false,
    needsPeers: false,
    has: (file) => file.startsWith('test/contract/'),
  },
  // They need the processor for minutes, and nothing else.
  {
    name: 'fuzz',
    concurrency: 2,
    needsWorker: false,
    needsPeers: false,
    has: (file) => file.startsWith('test/fuzz/'),
  },
  { name: 'unit', concurrency: 2, needsWorker: false, needsPeers: false, has: () => true },
];

const roots = ['functions', 'media-edge', 'web', 'infra', 'test'];

/** @param {string} file @returns {boolean} whether it runs what `npm run synth` makes */
export const needsTemplates = (file) => /^test\/(scenario|interop)\/cloud-/.test(file);

/**
 * @param {string} checkout
 * @returns {string[]} all test files, as paths below the checkout with `/`
 */
export function testFiles(checkout) {
  return roots
    .map((name) => join(checkout, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => filesBelow(folder, (name) => name !== 'node_modules'))
    .map((path) => relative(checkout, path).split(sep).join('/'))
    .filter((path) => /\.test\.(ts|mjs)$/.test(path));
}

/**
 * Sorts files into rings; the quick ones come first.
 * @param {readonly string[]} files
 * @returns {{ ring: Ring, files: string[] }[]} without rings that have no file
 */
export function byRing(files) {
  const ringOf = (/** @type {string} */ file) => rings.find((ring) => ring.has(file));
  return rings
    .map((ring) => ({ ring, files: files.filter((file) => ringOf(file) === ring) }))
    .filter(({ files }) => files.length > 0)
    .reverse();
}
