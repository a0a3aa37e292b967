/**
 * The commands of the project: `node infra/setup/run.mjs start|test|check|format|bench|synth|cdk|probe|scale|fuzz|ctl`.
 *
 * Plain JavaScript for any Node from 18 on, which Debian 12 and Ubuntu 24.04 have, and without dependencies,
 * because it is what brings the rest.
 */
import { SetupFailure } from './failure.mjs';
import { fillFromSettingsFile } from './settings-file.mjs';

/** @typedef {(args: string[]) => Promise<void>} Command */

/** @type {[name: string, command: Command][]} Each loads its module when asked for: a start reads only what it needs. */
const list = [
  [
    'start',
    async () => {
      fillFromSettingsFile(process.env);
      await (await import('./start.mjs')).start();
    },
  ],
  ['test', async (args) => (await import('./test.mjs')).test(args)],
  ['check', async () => (await import('./check.mjs')).check()],
  ['format', async () => (await import('./check.mjs')).format()],
  ['synth', async (args) => (await import('./cloud.mjs')).synth(args)],
  ['cdk', async (args) => (await import('./cloud.mjs')).cdk(args)],
  ['probe', async (args) => (await import('./probe.mjs')).probe(args)],
  ['scale', async () => (await import('./scale.mjs')).scale()],
  ['fuzz', async (args) => (await import('./fuzz.mjs')).fuzz(args)],
  ['bench', async (args) => (await import('./bench.mjs')).bench(args)],
  [
    'ctl',
    async (args) => {
      fillFromSettingsFile(process.env);
      await (await import('./ctl/ctl.mjs')).ctl(args);
    },
  ],
];
const commands = new Map(list);

const [name = '', ...args] = process.argv.slice(2);
try {
  await commandCalled(name)(args);
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  process.stderr.write(`\n${error.message}\n-> ${error.advice}\n`);
  process.exitCode = 1;
}

/** @param {string} wanted */
function commandCalled(wanted) {
  const command = commands.get(wanted);
  if (command) return command;
  throw new SetupFailure(`no such command: '${wanted}'`, `use one of: ${[...commands.keys()].join(', ')}`);
}
