import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseIn } from './call-course.ts';

const entry = { at: 1, from: 'browser', to: 'gateway', label: 'session-create' };

test('the course of a call is read; what is no step is left out', () => {
  const course = courseIn({ call: 'c', from: 'a@b', to: 'c@d', cause: 'busy', entries: [entry, { at: 'x' }, 7] });
  assert.deepEqual(course, { from: 'a@b', to: 'c@d', cause: 'busy', steps: [{ ...entry, detail: undefined }] });
});

test('anything else is no course', () => {
  for (const value of [undefined, null, 7, 'x', [], {}, { from: 'a', to: 'b' }, { from: 1, to: 'b', entries: [] }])
    assert.equal(courseIn(value), undefined);
});
