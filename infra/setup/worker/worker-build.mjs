import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLogged } from '../command.mjs';
import { SetupFailure } from '../failure.mjs';
import { cache } from '../places.mjs';
import { faultOfWorker } from './worker-proof.mjs';
import { layOutSource } from './worker-source.mjs';

/**
 * Builds the media worker in a temporary folder and puts it into the cache, complete or not at all.
 *
 * @param {string} binary where it goes
 * @param {(detail: string) => void} detail
 */
export async function buildWorker(binary, detail) {
  const work = mkdtempSync(join(tmpdir(), 'sylk-worker-'));
  try {
    const source = join(work, 'worker');
    await layOutSource(source);
    await compile(source, detail);
    await accept(join(source, 'build', 'mediasoup-worker'), binary);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} source
 * @param {(detail: string) => void} detail
 */
async function compile(source, detail) {
  const advice = 'the media worker could not be built with the compiler and libraries of this machine';
  const configuration = ['--prefix=/usr', '--buildtype=release', '-Db_ndebug=true', '--wrap-mode=nodownload'];
  await runLogged('meson', ['setup', 'build', ...configuration], { log: 'worker-meson', cwd: source, advice });
  await runLogged('ninja', ['-C', 'build', 'mediasoup-worker'], {
    log: 'worker-ninja',
    cwd: source,
    advice,
    // Ninja begins each line with the steps done and the steps in all: `[38/261]`.
    onLine: (line) => {
      const counted = /^\[(\d+)\/(\d+)\]/.exec(line);
      if (counted) detail(`${counted[1]} of ${counted[2]} files`);
    },
  });
}

/**
 * @param {string} built
 * @param {string} binary
 */
async function accept(built, binary) {
  const fault = await faultOfWorker(built);
  if (fault) throw new SetupFailure(`the media worker was built but does not start: ${fault}`, 'report this');
  mkdirSync(join(binary, '..'), { recursive: true });
  const beside = mkdtempSync(join(cache, 'worker', 'unfinished-'));
  try {
    // A rename is whole or does not happen, but only within one file system, so the copy comes first.
    copyFileSync(built, join(beside, 'mediasoup-worker'));
    renameSync(join(beside, 'mediasoup-worker'), binary);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}
