import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { answerOf, runLogged } from './command.mjs';
import { SetupFailure } from './failure.mjs';
import { locked } from './lock.mjs';
import { step } from './progress.mjs';

/** @typedef {import('./system-needs.mjs').Need} Need */

/**
 * Sees to it that the machine has what is needed: installs it where this runs as root on a machine with
 * apt, otherwise says the line that does.
 *
 * @param {string} purpose what needs it, as a noun
 * @param {readonly Need[]} needs
 */
export async function systemPackages(purpose, needs) {
  const missing = await missingOf(needs);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) throw lacks(purpose, missing);
  await step(`system packages for ${purpose}`, () => locked('apt', () => install(missing)));
  const stillMissing = await missingOf(needs);
  if (stillMissing.length > 0) throw lacks(purpose, stillMissing);
  await quieten(needs.flatMap(({ aptPackage, service }) => (service && missing.includes(aptPackage) ? [service] : [])));
}

/**
 * @param {string} purpose
 * @param {readonly string[]} missing
 */
function lacks(purpose, missing) {
  const line = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  return new SetupFailure(
    `${purpose} needs packages that this machine lacks: ${missing.join(' ')}`,
    findProgram('apt-get')
      ? `run this as root, then try again:\n  ${line}`
      : `install what Debian calls so with this system's package manager; on Debian and Ubuntu:\n  ${line}`,
  );
}

/** @param {readonly string[]} packages */
async function install(packages) {
  const args = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'install', ...packages];
  const options = { log: 'apt', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    await runLogged('apt-get', args, options);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    // On a bare machine apt knows no packages yet, on an old one it asks for versions that are gone.
    const advice = 'apt needs the package archive; check the network and the sources of apt';
    await runLogged('apt-get', ['update'], { ...options, log: 'apt-update', advice });
    await runLogged('apt-get', args, { ...options, advice });
  }
}

/**
 * Ends what came with its own service, which would take the ports of the gateway, now and at each start of the machine.
 *
 * @param {readonly string[]} services
 */
async function quieten(services) {
  const isRunBySystemd = existsSync('/run/systemd/system');
  if (services.length === 0 || !isRunBySystemd) return;
  await runLogged('systemctl', ['disable', '--now', ...services], { log: 'apt-services' });
}

/**
 * @param {readonly Need[]} needs
 * @returns {Promise<string[]>} packages to install
 */
export async function missingOf(needs) {
  const libraries = needs.flatMap(({ library }) => library ?? []);
  const known = await versionsOf(libraries);
  return needs
    .filter(({ programs, files, library }) =>
      library ? !known.has(library) : !programs?.some(findProgram) && !files?.some((file) => existsSync(file)),
    )
    .map(({ aptPackage }) => aptPackage);
}

/**
 * @param {readonly string[]} libraries modules of pkg-config
 * @returns {Promise<Map<string, string>>} version by module, of those that are there
 */
export async function versionsOf(libraries) {
  if (libraries.length === 0) return new Map();
  const all = (await answerOf('pkg-config', ['--modversion', ...libraries]))?.split('\n');
  if (all) return new Map(libraries.map((library, index) => [library, all[index] ?? '']));
  // One that is missing makes the whole answer fail, so each is asked for alone.
  const each = await Promise.all(libraries.map((library) => answerOf('pkg-config', ['--modversion', library])));
  return new Map(libraries.flatMap((library, index) => (each[index] ? [[library, each[index]]] : [])));
}

/**
 * @param {string} program
 * @returns {boolean} whether it is on the PATH, or where administrators' programs are
 */
export function findProgram(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => isExecutable(join(folder, program)));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
