import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { cache } from './places.mjs';

/**
 * Does work that no other set-up on this machine does at the same time.
 *
 * The lock is held by flock(1) through a child that lives as long as its standard input is open, so the
 * kernel gives it back however this process ends: there are no stale locks to tell from live ones.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called if somebody else has the lock
 * @returns {Promise<T>}
 */
export async function locked(name, work, onWait) {
  const release = await acquire(name, onWait);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * @param {string} name
 * @param {(() => void) | undefined} onWait
 * @returns {Promise<() => void>} gives the lock back
 */
function acquire(name, onWait) {
  const folder = join(cache, 'locks');
  mkdirSync(folder, { recursive: true });
  return new Promise((resolve, reject) => {
    const holder = spawn('flock', [join(folder, name), 'sh', '-c', 'echo held; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const waiting = setTimeout(() => onWait?.(), 500);
    holder.once('error', (error) => {
      clearTimeout(waiting);
      reject(new SetupFailure(`cannot lock ${name}: ${error.message}`, 'install the package util-linux (flock)'));
    });
    holder.stdout.once('data', () => {
      clearTimeout(waiting);
      resolve(() => holder.stdin.end());
    });
    holder.once('close', (code) => {
      clearTimeout(waiting);
      reject(new SetupFailure(`cannot lock ${name}: flock ended with ${code}`, `check that ${folder} is writable`));
    });
  });
}
