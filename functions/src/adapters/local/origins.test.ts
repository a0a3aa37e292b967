import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originRule } from './origins.ts';

const names = ['sylk.test', 'desk', 'desk.local'];
const allowed = (patterns: string[], origin: string | undefined, host = 'sylk.test:8080') =>
  originRule({ patterns, names }).isAllowed(origin, host);

test('without patterns only the own pages are allowed', () => {
  assert.equal(allowed([], 'http://sylk.test:8080'), true);
  assert.equal(allowed([], 'https://sylk.test:8080'), true);
  assert.equal(allowed([], 'http://sylk.test:8443'), false);
  assert.equal(allowed([], 'http://example.org'), false);
  assert.equal(allowed([], 'nonsense'), false);
});

for (const host of ['localhost:8080', 'desk:8080', 'desk.local:8080', '192.168.1.10:8080', '[fd00::1]:8080']) {
  test(`a page of ${host} is our own`, () => {
    assert.equal(allowed([], `http://${host}`, host), true);
    assert.equal(allowed([], `http://${host.toUpperCase()}`, host), true);
  });
}

test("a stranger's name that was made to lead here is refused, though both fields agree", () => {
  assert.equal(allowed([], 'http://evil.example:8080', 'evil.example:8080'), false);
  assert.equal(allowed([], 'http://notlocalhost:8080', 'notlocalhost:8080'), false);
  assert.equal(allowed(['http://evil.example:8080'], 'http://evil.example:8080', 'evil.example:8080'), true);
});

test('a refused origin is told once, and not without end', () => {
  const told: string[] = [];
  const rule = originRule({ patterns: [], names, onRefused: (origin) => void told.push(origin) });
  for (const _ of [1, 2, 3]) rule.isAllowed('https://proxy.example', 'proxy.example');
  rule.isAllowed('http://sylk.test', 'sylk.test');
  assert.deepEqual(told, ['https://proxy.example']);
  for (let index = 0; index < 500; index += 1) rule.isAllowed(`https://${index}.example`, 'sylk.test');
  assert.equal(told.length, 100);
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
