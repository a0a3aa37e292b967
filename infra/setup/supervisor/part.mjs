import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * One process of the product. It prints a line of JSON with a field `ready` on its standard output once it
 * works; its log goes to standard error.
 *
 * @typedef {object} Part
 * @property {string} name as in its `ready` field
 * @property {string} file
 * @property {readonly string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {string} cwd
 * @property {number} endLimitMs how long it may take to end politely
 *
 * @typedef {Record<string, unknown>} Announcement what a part says of itself when it is ready
 *
 * @typedef {object} Running
 * @property {Promise<string>} ended settles with how it ended, never fails: `exit code 1`, `signal SIGKILL`
 * @property {(signal: NodeJS.Signals) => void} kill
 */

/**
 * @param {Part} part
 * @param {(announcement: Announcement) => void} onReady
 * @returns {Running}
 */
export function runPart(part, onReady) {
  const child = spawn(part.file, part.args, {
    cwd: part.cwd,
    env: part.env,
    // The channel is never used to talk: its end tells the part that nobody supervises it any more.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // In a process group of its own a part does not get the Ctrl-C of the terminal besides the signal sent here.
    detached: true,
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const announcement = parseAnnouncement(line, part.name);
      if (announcement) onReady(announcement);
      else process.stderr.write(`${line}\n`);
    });
  }
  return {
    ended: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    }),
    kill: (signal) => end(child, signal),
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child leader of its process group
 * @param {NodeJS.Signals} signal
 */
function end(child, signal) {
  // A part that gets SIGKILL cannot end what it has started, so its whole group goes.
  if (signal === 'SIGKILL' && child.pid && child.exitCode === null && child.signalCode === null) {
    process.kill(-child.pid, signal);
  } else {
    child.kill(signal);
  }
}

/**
 * @param {string} line
 * @param {string} name
 * @returns {Announcement | undefined} undefined where it is some other line
 */
export function parseAnnouncement(line, name) {
  if (!line.startsWith('{')) return undefined;
  try {
    const said = JSON.parse(line);
    return said.ready === name ? said : undefined;
  } catch {
    return undefined;
  }
}
