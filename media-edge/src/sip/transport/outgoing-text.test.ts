import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, placeholderContact, placeholderHost, readOutgoingRequest, statusOf } from './outgoing-text.ts';

const written = (method: string, headers: readonly string[] = [], body = '') =>
  [
    `${method} sip:bob@192.0.2.7:5080;transport=tcp SIP/2.0`,
    ...headers,
    `Via: SIP/2.0/UDP ${placeholderHost};branch=z9hG4bKx;rport`,
    `Contact: ${placeholderContact}`,
    'Allow: ACK,BYE,REFER',
    '',
    body,
  ].join('\r\n');

test('our address goes into Via and Contact of the head, and nowhere else', () => {
  const filled = fillIn(written('INVITE', [], `v=0 ${placeholderHost}`), {
    protocol: 'TCP',
    address: '2001:db8::1',
    port: 5060,
    user: 'alice',
  });
  assert.match(filled, /^Via: SIP\/2\.0\/TCP \[2001:db8::1\]:5060;branch=z9hG4bKx;rport\r$/m);
  assert.match(filled, /^Contact: <sip:alice@\[2001:db8::1\]:5060;transport=tcp>\r$/m);
  assert.match(filled, /^Allow: INVITE, ACK, CANCEL, /m);
  assert.ok(filled.endsWith(`\r\n\r\nv=0 ${placeholderHost}`));
});

test('a Contact without a user is one as well', () => {
  assert.match(
    fillIn(written('BYE'), { protocol: 'UDP', address: '192.0.2.1', port: 5070, user: undefined }),
    /Contact: <sip:192\.0\.2\.1:5070>\r/,
  );
});

test('a request goes by its first Route, else by its target', () => {
  assert.deepEqual(readOutgoingRequest(written('BYE')), {
    method: 'BYE',
    branch: 'z9hG4bKx',
    isInDialog: false,
    isSips: false,
    nextHop: { host: '192.0.2.7', port: 5080, transport: 'TCP' },
  });
  assert.deepEqual(
    readOutgoingRequest(written('BYE', ['Route: <sip:[2001:db8::9]:5062;lr>', 'Route: <sip:other;lr>'])).nextHop,
    {
      host: '2001:db8::9',
      port: 5062,
    },
  );
  assert.deepEqual(readOutgoingRequest(written('BYE', ['Route: <sip:proxy.example;maddr=192.0.2.3;lr>'])).nextHop, {
    host: '192.0.2.3',
    port: undefined,
  });
});

test('a route that we cannot go leads nowhere', () => {
  for (const route of ['<sips:proxy.example;transport=udp;lr>', '<sip:proxy.example;transport=ws;lr>', '<tel:+1>']) {
    assert.equal(readOutgoingRequest(written('BYE', [`Route: ${route}`])).nextHop, undefined, route);
  }
});

test('a sips address, as target or as route, is reached by TLS alone', () => {
  const secure = (host: string, port?: number) => ({ host, port, transport: 'TLS' as const });
  const to = (target: string, headers: readonly string[] = []) =>
    readOutgoingRequest(written('BYE', headers).replace('sip:bob@192.0.2.7:5080;transport=tcp', target));
  assert.deepEqual(to('sips:bob@far.example').nextHop, secure('far.example'));
  assert.deepEqual(to('sips:bob@far.example:5071;transport=tcp').nextHop, secure('far.example', 5071));
  assert.deepEqual(to('sip:bob@far.example;transport=tls').nextHop, secure('far.example'));
  // The target is what counts, also where the proxy before it is given by a plain URI.
  const byProxy = to('sips:bob@far.example', ['Route: <sip:proxy.example;lr>']);
  assert.deepEqual([byProxy.isSips, byProxy.nextHop], [true, secure('proxy.example')]);
  assert.equal(to('sip:bob@far.example;transport=tls').isSips, false);
});

test('a request within a dialog is told by its To tag', () => {
  assert.equal(readOutgoingRequest(written('BYE', ['To: <sip:bob@h>;tag=1'])).isInDialog, true);
  assert.equal(readOutgoingRequest(written('BYE', ['To: <sip:bob@h>'])).isInDialog, false);
});

test('over TLS the Contact says so, and the connection is offered for requests to us', () => {
  const own = { protocol: 'TLS', address: '192.0.2.1', port: 5061, user: 'alice' } as const;
  const plain = fillIn(written('INVITE'), own);
  assert.match(plain, /^Via: SIP\/2\.0\/TLS 192\.0\.2\.1:5061;branch=z9hG4bKx;alias;rport\r$/m);
  assert.match(plain, /^Contact: <sip:alice@192\.0\.2\.1:5061;transport=tls>\r$/m);
  assert.match(fillIn(written('INVITE'), { ...own, isSips: true }), /^Contact: <sips:alice@192\.0\.2\.1:5061>\r$/m);
});

test('the next server sees a transaction of its own', () => {
  const own = { protocol: 'UDP', address: '192.0.2.1', port: 5060, user: undefined, branch: 'z9hG4bKx-1' } as const;
  assert.match(fillIn(written('BYE'), own), /^Via: SIP\/2\.0\/UDP 192\.0\.2\.1:5060;branch=z9hG4bKx-1;rport\r$/m);
});

test('the status of a response', () => assert.equal(statusOf('SIP/2.0 486 Busy Here\r\n'), 486));
