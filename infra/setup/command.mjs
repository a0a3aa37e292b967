import { execFile, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { SetupFailure } from './failure.mjs';
import { logs } from './places.mjs';

/** Of the output of a program that failed. */
const linesShown = 15;

/**
 * @typedef {object} Logged
 * @property {string} log  name of the log file, without ending
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment
 * @property {string} [advice] what to do when it fails
 * @property {(line: string) => void} [onLine] sees each line of output
 * @property {(lines: readonly string[]) => readonly string[]} [telling] picks the lines that say what went wrong;
 *   without it they are the last ones
 */

/**
 * Runs a program whose long output goes to a log file.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Logged} options
 * @throws {SetupFailure} with the last lines of the output and the place of the log
 */
export async function runLogged(file, args, { log, cwd, env, advice, onLine, telling = last }) {
  mkdirSync(logs, { recursive: true });
  const path = join(logs, `${log}.log`);
  const output = createWriteStream(path);
  output.write(`$ ${file} ${args.join(' ')}\n`);
  /** @type {string[]} */
  const lines = [];
  const code = await exitOf(file, args, { cwd, env }, (line) => {
    output.write(`${line}\n`);
    lines.push(line);
    onLine?.(line);
  });
  await new Promise((resolve) => output.end(resolve));
  if (code === 0) return;
  throw new SetupFailure(
    `'${file} ${args.slice(0, 3).join(' ')} ...' ended with ${code}:\n${telling(lines)
      .map((line) => `  ${line}`)
      .join('\n')}`,
    `${advice ? `${advice}; ` : ''}all of its output is in ${path}`,
  );
}

/** @param {readonly string[]} lines */
function last(lines) {
  return lines.slice(-linesShown);
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @param {(line: string) => void} onLine
 * @returns {Promise<number | string>} exit code, name of the signal, or why it did not start
 */
function exitOf(file, args, options, onLine) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

const execute = promisify(execFile);

/**
 * What a short command prints, or undefined where it cannot be run or fails: for questions to the machine.
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<string | undefined>}
 */
export async function answerOf(file, args) {
  return execute(file, args, { timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

/**
 * Runs a program that talks to the person at the terminal itself.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code; 1 if a signal ended it
 */
export function runInTerminal(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
