import { spoken } from './duration.mjs';

/** How often a step that goes on says so where a line cannot be written over, as in a log file. */
const reminderMs = 30_000;
const redrawMs = 1_000;

/**
 * Runs one step of the set-up and shows on stderr that it goes on and how long it took.
 *
 * @template T
 * @param {string} title
 * @param {(detail: (text: string) => void) => Promise<T>} work gets a function that shows how far it is
 * @returns {Promise<T>} what the work gives; its failure is passed on
 */
export async function step(title, work) {
  const line = process.stderr.isTTY ? oneLine(title) : manyLines(title);
  try {
    const result = await work(line.detail);
    line.end('done');
    return result;
  } catch (error) {
    line.end('failed');
    throw error;
  }
}

/** @param {string} title */
function oneLine(title) {
  const startedAt = Date.now();
  let detail = '';
  const draw = () => process.stderr.write(`\r\x1b[K${title} ... ${detail}${spoken(Date.now() - startedAt)}`);
  const timer = setInterval(draw, redrawMs);
  draw();
  return {
    /** @param {string} text */
    detail: (text) => {
      detail = `${text}, `;
    },
    /** @param {string} outcome */
    end: (outcome) => {
      clearInterval(timer);
      process.stderr.write(`\r\x1b[K${title}: ${outcome} in ${spoken(Date.now() - startedAt)}\n`);
    },
  };
}

/** @param {string} title */
function manyLines(title) {
  const startedAt = Date.now();
  let detail = '';
  const say = (/** @type {string} */ text) => process.stderr.write(`${title}: ${text}\n`);
  const timer = setInterval(() => say(`${detail}${spoken(Date.now() - startedAt)} so far`), reminderMs);
  say('started');
  return {
    /** @param {string} text */
    detail: (text) => {
      detail = `${text}, `;
    },
    /** @param {string} outcome */
    end: (outcome) => {
      clearInterval(timer);
      say(`${outcome} in ${spoken(Date.now() - startedAt)}`);
    },
  };
}
