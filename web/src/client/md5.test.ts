import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { md5 } from './md5.ts';

test('the examples of RFC 1321 appendix A.5 hash to their digests', () => {
  assert.equal(md5(''), 'd41d8cd98f00b204e9800998ecf8427e');
  assert.equal(md5('message digest'), 'f96b697d7cb7938d525a2f31aaf161d0');
  assert.equal(md5('1234567890'.repeat(8)), '57edf4a22be3c955ac49da2e2107b67a');
});

test('every length around the block borders agrees with Node, in ASCII and beyond', () => {
  for (let length = 50; length < 140; length++) {
    const text = 'aä€😀'.repeat(length).slice(0, length * 2);
    assert.equal(md5(text), createHash('md5').update(text).digest('hex'), `length ${length}`);
  }
});
