import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runInTerminal } from './command.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout } from './places.mjs';

/** Settings to see templates by, where the caller gives none. */
const example = 'infra/examples/small.json';

/** Where `cdk.json` has it written. */
const output = join(checkout, 'infra/cdk.out');

/**
 * `npm run synth`: makes what would be deployed, without any account or network, and says how large the functions
 * are and how long each takes to start.
 *
 * @param {readonly string[]} args for the CDK; `-c settings=FILE` for other settings than those of the small example
 */
export async function synth(args) {
  const env = await environment();
  const settings = args.some((arg) => arg.startsWith('settings=')) ? [] : ['-c', `settings=${example}`];
  if (settings.length > 0)
    process.stderr.write(`settings: ${example}; others with: npm run synth -- -c settings=FILE\n`);
  // What is left of other settings would look like stacks of this deployment.
  rmSync(output, { recursive: true, force: true });
  process.exitCode = await runCdk(['synth', '--quiet', ...settings, ...args], env);
  if (process.exitCode !== 0) return;
  process.exitCode = await runInTerminal('node', ['infra/bin/report-functions.ts'], { cwd: checkout, env });
}

/**
 * `npm run cdk -- deploy --all -c settings=FILE`: the CDK's own commands, with the CDK and the Node that fit.
 * @param {readonly string[]} args
 */
export async function cdk(args) {
  process.exitCode = await runCdk(args, await environment());
}

async function environment() {
  const env = await nodeEnvironment();
  await npmPackages('all', env);
  return { ...env, CDK_DISABLE_CLI_TELEMETRY: 'true' };
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function runCdk(args, env) {
  const program = join(checkout, 'node_modules/aws-cdk/bin/cdk');
  // Neither news nor statistics: the network need not be there.
  return runInTerminal('node', [program, '--no-notices', ...args], { cwd: checkout, env });
}
