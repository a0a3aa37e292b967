import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../command.mjs';
import { contentsOf, fingerprint } from '../fingerprint.mjs';
import { checkout } from '../places.mjs';

const mediasoup = join(checkout, 'node_modules', 'mediasoup');
const overlay = join(checkout, 'media-edge', 'worker', 'overlay');
const patches = join(checkout, 'media-edge', 'worker', 'patches');

/** The release of mediasoup whose worker is built. */
export function mediasoupVersion() {
  return JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8')).version;
}

/** Changes whenever the source that is built does: the release, the overlay or the patches. */
export function sourceFingerprint() {
  return fingerprint([mediasoupVersion(), ...contentsOf(overlay), ...contentsOf(patches)]);
}

/**
 * Lays out the source to build: the npm package's own, with our overlay and patches.
 * @param {string} folder
 */
export async function layOutSource(folder) {
  cpSync(join(mediasoup, 'worker'), folder, { recursive: true });
  const subprojects = join(folder, 'subprojects');
  for (const name of readdirSync(subprojects)) {
    // A wrap file left behind wins over the overlay's folder of the same name, and wants to download.
    if (name.endsWith('.wrap')) rmSync(join(subprojects, name));
  }
  cpSync(overlay, folder, { recursive: true });
  for (const patch of seriesOf(readFileSync(join(patches, 'series'), 'utf8'))) {
    await runLogged('patch', ['--batch', '--fuzz=0', '-p1', '-i', join(patches, patch)], {
      log: `worker-patch-${patch}`,
      cwd: folder,
      advice: `the patch does not fit mediasoup ${mediasoupVersion()}; it has to be made anew`,
    });
  }
}

/**
 * @param {string} text a quilt series file: one patch a line, `#` begins a comment
 * @returns {string[]}
 */
export function seriesOf(text) {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
