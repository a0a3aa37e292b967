/**
 * Loaded before each test file, in its process: what its tests leave open, as one that failed may, must not keep the
 * file running. Node's `--test-force-exit` does not wait until the results have gone out, and loses some.
 *
 * A file that is held open longer than its own last hooks may take has failed: something was not ended.
 */
import { after, before } from 'node:test';

const patienceMs = 15_000;

// Before the first test all hooks of the file are known, so that this one is the last.
before(() => {
  after(() => {
    // Keeps nothing alive: a process with nothing open ends at once.
    setTimeout(() => {
      const open = [...new Set(process.getActiveResourcesInfo())].join(', ');
      process.stderr.write(`${process.argv[1]} is held open after its tests, by ${open}\n`);
      process.exit(1);
    }, patienceMs).unref();
  });
});
