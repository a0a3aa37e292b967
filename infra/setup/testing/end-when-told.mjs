/**
 * Loaded before each test file, in its process: what its tests leave open, as one that failed may, must not keep the
 * file running. Node's `--test-force-exit` does not wait until the results have gone out, and loses some.
 */
import { after } from 'node:test';

/** Longer than the last hooks of any file take. */
const patienceMs = 10_000;

after(() => {
  // Keeps nothing alive: a process with nothing open ends at once.
  setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(', ');
    process.stderr.write(`${process.argv[1]} was held open after its tests, by ${open}\n`);
    process.exit();
  }, patienceMs).unref();
});
