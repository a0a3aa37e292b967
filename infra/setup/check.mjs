import { join } from 'node:path';
import { runInTerminal } from './command.mjs';
import { spoken } from './duration.mjs';
import { SetupFailure } from './failure.mjs';
import { checkImports } from './import-rule/check-imports.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout } from './places.mjs';

/** @typedef {{ name: string, run: () => Promise<boolean> }} Check */

/** @type {readonly Check[]} */
const checks = [
  { name: 'format and lint', run: () => tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']) },
  { name: 'types', run: () => typeCheck('.') },
  { name: 'types of the tests', run: () => typeCheck('test') },
  { name: 'types of the page', run: () => typeCheck('web') },
  { name: 'no runtime in pure folders', run: () => typeCheck('tsconfig.pure.json') },
  { name: 'who imports whom', run: importRule },
];

/**
 * `npm run check`: everything that can be said about the code without running it.
 * All checks are made, so that one run shows all there is to mend.
 *
 * @throws {SetupFailure} naming the checks that failed
 */
export async function check() {
  await npmPackages('all', await nodeEnvironment());
  const failed = [];
  for (const { name, run } of checks) {
    const startedAt = Date.now();
    const isWell = await run();
    process.stderr.write(`check: ${name}: ${isWell ? 'well' : 'FAILED'} (${spoken(Date.now() - startedAt)})\n`);
    if (!isWell) failed.push(name);
  }
  if (failed.length === 0) return;
  throw new SetupFailure(
    `${failed.length} of ${checks.length} checks failed: ${failed.join(', ')}`,
    'mend what is said above; `npm run format` does what can be done by itself',
  );
}

/** Puts the code into its form, and mends what the linter can mend safely. */
export async function format() {
  await npmPackages('all', await nodeEnvironment());
  await tool('@biomejs/biome/bin/biome', ['check', '--write', '.']);
}

/** @param {string} project */
function typeCheck(project) {
  return tool('typescript/bin/tsc', ['--noEmit', '-p', project]);
}

/**
 * @param {string} script below node_modules
 * @param {readonly string[]} args
 * @returns {Promise<boolean>} whether it found nothing
 */
async function tool(script, args) {
  const options = { cwd: checkout };
  return (await runInTerminal(process.execPath, [join(checkout, 'node_modules', script), ...args], options)) === 0;
}

/** @returns {Promise<boolean>} */
async function importRule() {
  const violations = checkImports(checkout);
  for (const violation of violations) process.stderr.write(`${violation}\n`);
  return violations.length === 0;
}
