import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from './parse-message.ts';
import { sipsRefusal, wantsSips } from './sips.ts';

function request(target: string, headers: readonly string[] = [], method = 'INVITE') {
  const lines = [
    `${method} ${target} SIP/2.0`,
    'Via: SIP/2.0/TLS h.example;branch=z9hG4bK1',
    'From: <sip:bob@example.org>;tag=1',
    'To: <sip:alice@example.com>',
    'Call-ID: one@h.example',
    `CSeq: 1 ${method}`,
    ...headers,
    '',
    '',
  ];
  const parsed = parseMessage(Buffer.from(lines.join('\r\n')));
  return parsed.kind === 'request' ? parsed.message : assert.fail('not a request');
}

test('a sips address wants TLS, and a Contact that wants it too', () => {
  const target = 'sips:alice@example.com';
  const [secure, plain] = [['Contact: <sips:bob@h.example>'], ['Contact: <sip:bob@h.example>']];
  assert.equal(sipsRefusal(request(target, secure), { protocol: 'TLS' }), undefined);
  assert.equal(sipsRefusal(request(target, secure), { protocol: 'TCP' })?.code, 403);
  assert.equal(sipsRefusal(request(target, plain), { protocol: 'TLS' })?.code, 400);
  assert.equal(sipsRefusal(request(target, [], 'OPTIONS'), { protocol: 'TLS' }), undefined);
  assert.equal(sipsRefusal(request('sip:alice@example.com', plain), { protocol: 'UDP' }), undefined);
});

test('ACK and CANCEL are never refused for it', () => {
  for (const method of ['ACK', 'CANCEL'])
    assert.equal(sipsRefusal(request('sips:a@b.example', [], method), { protocol: 'UDP' }), undefined);
});

test('a sips target, first route or Contact makes ours one (RFC 3261 s. 12.1.1)', () => {
  assert.equal(wantsSips(request('sips:alice@example.com')), true);
  assert.equal(wantsSips(request('sip:alice@example.com', ['Record-Route: <sips:p.example;lr>'])), true);
  assert.equal(wantsSips(request('sip:alice@example.com', ['Contact: <sips:bob@h.example>'])), true);
  assert.equal(wantsSips(request('sip:alice@example.com', ['Contact: <sip:bob@h.example;transport=tls>'])), false);
});

test('sip.js is shown a sip address, and the text stays what it was', () => {
  const { ruri } = request('sips:alice@example.com:5061');
  assert.deepEqual([ruri?.scheme, ruri?.user, ruri?.toString()], ['sip', 'alice', 'sips:alice@example.com:5061']);
});
