import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { httpFunction, pageFunction, socketFunction } from './viewer-functions.ts';

const run = (code: string, uri: string): { uri: string; headers: Record<string, { value: string }> } => {
  const event = {
    viewer: { ip: '2001:db8::7' },
    request: { uri, headers: { 'x-sylk-viewer': { value: '192.0.2.1' } } },
  };
  return runInNewContext(`${code}; handler(event)`, { event });
};

test('files keep their path, everything else is the page', () => {
  for (const file of ['/main-AB12CD34.js', '/page-AB12CD34.css', '/sylk-phone.js'])
    assert.equal(run(pageFunction, file).uri, file);
  for (const path of ['/', '/call/bob@example.org', '/call/bob@example.js', '/x/y'])
    assert.equal(run(pageFunction, path).uri, '/index.html');
});

test('who asks is told by CloudFront, whatever the visitor says of himself', () => {
  for (const code of [httpFunction, socketFunction])
    assert.equal(run(code, '/webrtcgateway/ws').headers['x-sylk-viewer']?.value, '2001:db8::7');
});

test('the WebSocket has the path of the stage, the HTTP interface keeps its own', () => {
  assert.equal(run(socketFunction, '/webrtcgateway/ws').uri, '/v1');
  assert.equal(run(httpFunction, '/api/config').uri, '/api/config');
});
