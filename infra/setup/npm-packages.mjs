import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './command.mjs';
import { locked } from './lock.mjs';
import { checkout } from './places.mjs';
import { step } from './progress.mjs';

/**
 * @typedef {object} Locked one entry of a lock file
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional] need not be there: it may be for another platform
 * @property {boolean} [devOptional]
 * @property {boolean} [link] a workspace
 * @typedef {Record<string, Locked>} LockedPackages by path below the checkout
 * @typedef {'run' | 'all'} Extent what running needs, or the tools and test libraries as well
 */

/**
 * Sees to it that the packages of the lock file are installed.
 *
 * What is there is compared with the lock file itself, so it does not matter who installed it, and
 * packages for testing that are there already are never removed by a start.
 *
 * @param {Extent} extent
 * @param {NodeJS.ProcessEnv} env the environment for npm
 */
export async function npmPackages(extent, env) {
  if (areInstalled(extent)) return;
  await step('npm packages', () => locked('npm', () => install(extent, env)));
}

/**
 * @param {Extent} extent
 * @param {NodeJS.ProcessEnv} env
 */
async function install(extent, env) {
  // Another set-up may have done it while this one waited for the lock.
  if (areInstalled(extent)) return;
  const isDevThere = Object.entries(installedPackages()).some(([, { dev }]) => dev);
  const omitted = extent === 'run' && !isDevThere ? ['--omit=dev'] : ['--include=dev'];
  await runLogged('npm', ['ci', '--no-audit', '--no-fund', ...omitted], {
    log: 'npm',
    cwd: checkout,
    // The media worker is built by a step of its own; with this set mediasoup neither downloads nor builds one.
    env: { ...env, MEDIASOUP_WORKER_BIN: join(checkout, 'built-by-its-own-step') },
    telling: firstErrors,
    advice: 'npm needs the npm registry; if its words do not say better, check the network and the proxy settings',
  });
}

/**
 * npm says first what is wrong and then how to use it.
 * @param {readonly string[]} lines
 */
function firstErrors(lines) {
  return lines.filter((line) => /^npm (error|ERR!) ./.test(line)).slice(0, 8);
}

/** @param {Extent} extent */
function areInstalled(extent) {
  return lacking(readLock(join(checkout, 'package-lock.json')), installedPackages(), extent).length === 0;
}

/** @returns {LockedPackages} what npm says it has put there; packages whose folder is gone do not count */
function installedPackages() {
  const record = join(checkout, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return {};
  return Object.fromEntries(Object.entries(readLock(record)).filter(([path]) => existsSync(join(checkout, path))));
}

/**
 * @param {string} path
 * @returns {LockedPackages}
 */
function readLock(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/**
 * Which packages of a lock file are missing or have another version.
 *
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 * @param {Extent} extent
 * @returns {string[]} their paths
 */
export function lacking(wanted, installed, extent) {
  return Object.entries(wanted)
    .filter(([path, entry]) => path.includes('node_modules/') && isNeeded(entry, extent))
    .filter(([path, entry]) => !installed[path] || installed[path].version !== entry.version)
    .map(([path]) => path);
}

/**
 * @param {Locked} entry
 * @param {Extent} extent
 */
function isNeeded({ dev, optional, devOptional }, extent) {
  if (optional || devOptional) return false;
  return extent === 'all' || !dev;
}
