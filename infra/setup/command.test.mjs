import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerOf, runLogged } from './command.mjs';
import { SetupFailure } from './failure.mjs';
import { logs } from './places.mjs';

test('the output of a command goes to its log, and is seen line by line', async () => {
  /** @type {string[]} */
  const seen = [];
  await runLogged('sh', ['-c', 'echo one; echo two'], { log: 'test', onLine: (line) => seen.push(line) });
  assert.deepEqual(seen, ['one', 'two']);
  assert.equal(readFileSync(join(logs, 'test.log'), 'utf8'), '$ sh -c echo one; echo two\none\ntwo\n');
});

test('a command that fails is shown with its last lines, what to do, and where the rest is', async () => {
  const failing = runLogged('sh', ['-c', 'seq 40; exit 3'], { log: 'test', advice: 'count to less' });
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof SetupFailure);
    assert.match(error.message, /ended with 3:\n {2}26\n/);
    assert.match(error.message, / 40$/);
    assert.equal(error.advice, `count to less; all of its output is in ${join(logs, 'test.log')}`);
    return true;
  });
});

test('a command that is not there is a failure with the reason', async () => {
  await assert.rejects(runLogged('no-such-program-of-sylk', [], { log: 'test' }), /ENOENT/);
});

test('a question has an answer, or none', async () => {
  assert.equal(await answerOf('echo', ['well']), 'well');
  assert.equal(await answerOf('false', []), undefined);
  assert.equal(await answerOf('no-such-program-of-sylk', []), undefined);
});
