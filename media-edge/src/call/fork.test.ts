import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeOf } from './end-cause.ts';
import { causeOfFork, isFinalForAll } from './fork.ts';

const of = (code: number) => causeOf(code, 'callee');

const table: readonly (readonly [branches: readonly number[], told: number])[] = [
  [[480, 486], 486],
  [[486, 480], 486],
  [[408, 480], 408],
  [[486, 603], 603],
  [[503, 404], 404],
  [[488, 480], 488],
  [[487], 487],
];
for (const [branches, told] of table) {
  test(`branches that ended with ${branches.join(' and ')} tell the caller ${told}`, () => {
    assert.equal(causeOfFork(branches.map(of)).code, told);
  });
}

test('a fork without branches is 480', () => assert.equal(causeOfFork([]).code, 480));

test('only a 6xx ends the other branches', () => {
  assert.equal(isFinalForAll(of(603)), true);
  assert.equal(isFinalForAll(of(486)), false);
});
