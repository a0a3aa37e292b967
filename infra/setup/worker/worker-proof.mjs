import { spawn } from 'node:child_process';
import { mediasoupVersion } from './worker-source.mjs';

const limitMs = 15_000;

/**
 * Starts the media worker and waits for the first thing it says, which it does once all of its libraries
 * are loaded and initialised.
 *
 * @param {string} binary
 * @returns {Promise<string | undefined>} undefined if it is well, otherwise what is wrong
 */
export function faultOfWorker(binary) {
  return new Promise((resolve) => {
    // The worker talks on descriptors 3 (to it) and 4 (from it) and refuses to run without this variable.
    const worker = spawn(binary, [], {
      env: { ...process.env, MEDIASOUP_VERSION: mediasoupVersion() },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    let said = '';
    const end = (/** @type {string | undefined} */ fault) => {
      clearTimeout(timer);
      worker.kill('SIGKILL');
      resolve(fault);
    };
    const timer = setTimeout(() => end(`it said nothing for ${limitMs / 1000} s`), limitMs);
    worker.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    worker.stdio[4]?.once('data', () => end(undefined));
    worker.once('error', (error) => end(error.message));
    worker.once('close', (code, signal) => end(`it ended with ${code ?? signal}: ${said.trim()}`));
  });
}
