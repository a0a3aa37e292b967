/**
 * Runs test files with the test runner of the Node that runs this (24), ring by ring, and ends with the line
 * `N passed, N failed`. Arguments: the files, below the working directory.
 */
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { byRing } from './rings.mjs';

/** A test that hangs must not hang the run; the longest file places some forty calls. */
const testLimitMs = 15 * 60_000;

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };
for (const { ring, files } of byRing(process.argv.slice(2))) {
  process.stdout.write(`\n== ${ring.name}: ${files.length} files\n`);
  const counts = await runFiles(files, ring.concurrency);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/**
 * @param {readonly string[]} files
 * @param {number} concurrency
 * @returns {Promise<Counts>}
 */
async function runFiles(files, concurrency) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0 };
  // What a failed test left open must not keep its file running: the limit above counts for tests, not for files.
  const execArgv = [
    '--disable-warning=ExperimentalWarning',
    `--import=${new URL('end-when-told.mjs', import.meta.url)}`,
  ];
  const events = run({ files: [...files], concurrency, timeout: testLimitMs, execArgv });
  events.on('test:pass', ({ name, details, skip, todo }) => {
    if (details.type === 'suite') return;
    // The runner reports a file that has no test as a test of its own that passed.
    if (files.includes(name)) {
      process.stdout.write(`${name} has no test\n`);
      counts.failed += 1;
      return;
    }
    if (skip !== undefined || todo !== undefined) counts.skipped += 1;
    else counts.passed += 1;
  });
  events.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') counts.failed += 1;
  });
  const shown = events.compose(new spec());
  for await (const text of shown) process.stdout.write(text);
  return counts;
}
