/**
 * Loaded before each test file, in its process: ends that a while after its last test, should something be left open,
 * as by a test that failed. Node's `--test-force-exit` does not wait until the results have gone out, and loses some.
 */
import { after } from 'node:test';

const patienceMs = 1_000;

after(() => endSoon());

// Keeps nothing alive: a process with nothing open ends at once.
function endSoon() {
  setTimeout(() => {
    if (process.stdout.writableLength > 0) endSoon();
    else process.exit();
  }, patienceMs).unref();
}
