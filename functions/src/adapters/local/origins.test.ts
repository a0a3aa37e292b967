import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originRule } from './origins.ts';

const allowed = (patterns: string[], origin: string | undefined, host = 'sylk.test:8080') =>
  originRule(patterns).isAllowed(origin, host);

test('without patterns only the own pages are allowed', () => {
  assert.equal(allowed([], 'http://sylk.test:8080'), true);
  assert.equal(allowed([], 'https://sylk.test:8080'), true);
  assert.equal(allowed([], 'http://sylk.test:8443'), false);
  assert.equal(allowed([], 'http://example.org'), false);
  assert.equal(allowed([], 'nonsense'), false);
});

test('a program without an origin is allowed', () => {
  assert.equal(allowed([], undefined), true);
  assert.equal(allowed(['https://app.example.org'], undefined), true);
});

test('the null origin is allowed only when all are', () => {
  assert.equal(allowed(['*'], 'null'), true);
  assert.equal(allowed([], 'null'), false);
  assert.equal(allowed(['*', 'https://a.example'], 'null'), false);
});

test('a star stands for one part of a pattern', () => {
  assert.equal(allowed(['https://*.example.org'], 'https://app.example.org'), true);
  assert.equal(allowed(['https://*.example.org'], 'https://example.org'), false);
  assert.equal(allowed(['https://*.example.org'], 'https://evil.example/.example.org'), false);
  assert.equal(allowed(['https://app.example.org'], 'https://appxexample.org'), false);
});
