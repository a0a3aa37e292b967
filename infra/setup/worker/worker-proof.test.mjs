import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOfWorker } from './worker-proof.mjs';

test('a program that is not there has a fault', async () => {
  assert.match((await faultOfWorker('/nonexistent/mediasoup-worker')) ?? '', /ENOENT/);
});

test('a program that ends without a word has a fault that says how', async () => {
  assert.match((await faultOfWorker('/bin/false')) ?? '', /ended with 1/);
});
