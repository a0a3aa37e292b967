import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLog } from './json-log.ts';

test('an event is one line of JSON with level, time, fields and sentence', () => {
  const lines: string[] = [];
  const log = jsonLog(
    'info',
    () => 1000,
    (line) => lines.push(line),
  );
  log.info({ connectionId: 'c-1' }, 'a connection is open');
  log.debug({}, 'nobody wants to know');
  assert.deepEqual(lines, ['{"level":30,"time":1000,"connectionId":"c-1","msg":"a connection is open"}']);
});

test('an error shows its name, message, stack and cause', () => {
  const lines: string[] = [];
  const error = new TypeError('wrong', { cause: new Error('because') });
  jsonLog(
    'error',
    () => 0,
    (line) => lines.push(line),
  ).error({ err: error }, 'failed');
  const shown = JSON.parse(lines[0] ?? '');
  assert.equal(shown.err.type, 'TypeError');
  assert.equal(shown.err.message, 'wrong');
  assert.match(shown.err.stack, /json-log\.test/);
  assert.equal(shown.err.cause.message, 'because');
});
