import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayOrigin, secureUrl, socketAddress } from './gateway-url.ts';

test('the secure page is the same page on another port', () => {
  const rows: readonly (readonly [string, number | undefined, string])[] = [
    ['http://192.0.2.7:8080/call/bob@example.org', undefined, 'https://192.0.2.7:8443/call/bob@example.org'],
    ['http://192.0.2.7:8080/', 9443, 'https://192.0.2.7:9443/'],
    ['http://sylk.example/', undefined, 'https://sylk.example/'],
    ['http://sylk.example/', 443, 'https://sylk.example/'],
  ];
  for (const [address, port, url] of rows) assert.equal(secureUrl(address, port), url);
});

test('a site may name its gateway in short', () => {
  const full = 'wss://gateway.example.org/webrtcgateway/ws';
  const rows: readonly (readonly [string | undefined, string | undefined])[] = [
    ['gateway.example.org', full],
    ['https://gateway.example.org', full],
    [full, full],
    ['http://localhost:8080/', 'ws://localhost:8080/webrtcgateway/ws'],
    ['wss://gateway.example.org/elsewhere', 'wss://gateway.example.org/elsewhere'],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [server, address] of rows) assert.equal(socketAddress(server), address);
  assert.equal(gatewayOrigin('gateway.example.org'), 'https://gateway.example.org');
});
