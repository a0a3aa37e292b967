import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secureUrl } from './secure-url.ts';

test('the secure page is the same page on another port', () => {
  const rows: readonly (readonly [string, number | undefined, string])[] = [
    ['http://192.0.2.7:8080/call/bob@example.org', undefined, 'https://192.0.2.7:8443/call/bob@example.org'],
    ['http://192.0.2.7:8080/', 9443, 'https://192.0.2.7:9443/'],
    ['http://sylk.example/', undefined, 'https://sylk.example/'],
    ['http://sylk.example/', 443, 'https://sylk.example/'],
  ];
  for (const [address, port, url] of rows) assert.equal(secureUrl(address, port), url);
});
