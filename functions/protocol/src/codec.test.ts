import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRequest, decodeServerMessage, encode } from './codec.ts';
import { maxFrameBytes, maxJsonDepth, maxMessageBytes } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test('a ping', () => {
  assert.deepEqual(decodeRequest('{"sylkrtc":"ping","transaction":"t-1"}'), {
    kind: 'request',
    request: { sylkrtc: 'ping', transaction: 't-1' },
  });
});

const ignoredFrames = [
  ['', 'not-json'],
  ['hello', 'not-json'],
  ['{"sylkrtc":"ping","transaction":"t-1"', 'not-json'],
  [`{"sylkrtc":"ping","transaction":"t-1","x":${nested(maxJsonDepth)}}`, 'not-json'],
  [nested(100_000), 'too-large'],
  [nested(60_000), 'not-json'],
  ['5', 'not-an-object'],
  ['null', 'not-an-object'],
  ['[{"sylkrtc":"ping","transaction":"t-1"}]', 'not-an-object'],
  ['{}', 'no-sylkrtc'],
  ['{"transaction":"t-1"}', 'no-sylkrtc'],
  ['{"sylkrtc":null,"transaction":"t-1"}', 'unknown-sylkrtc'],
  ['{"sylkrtc":5,"transaction":"t-1"}', 'unknown-sylkrtc'],
  ['{"sylkrtc":["ping"],"transaction":"t-1"}', 'unknown-sylkrtc'],
  ['{"sylkrtc":"Ping","transaction":"t-1"}', 'unknown-sylkrtc'],
  ['{"sylkrtc":"ack","transaction":"t-1"}', 'unknown-sylkrtc'],
  ['{"sylkrtc":"toString","transaction":"t-1"}', 'unknown-sylkrtc'],
  ['{"sylkrtc":"__proto__","transaction":"t-1"}', 'unknown-sylkrtc'],
  ['{"__proto__":{"sylkrtc":"ping","transaction":"t-1"}}', 'no-sylkrtc'],
  ['{"sylkrtc":"ping"}', 'no-transaction'],
  ['{"sylkrtc":"ping","__proto__":{"transaction":"t-1"}}', 'no-transaction'],
  ['{"sylkrtc":"account-add"}', 'no-transaction'],
  ['{"sylkrtc":"ping","transaction":null}', 'wrong-transaction'],
  ['{"sylkrtc":"ping","transaction":17}', 'wrong-transaction'],
  [`{"sylkrtc":"ping","transaction":"${'t'.repeat(256)}"}`, 'wrong-transaction'],
  [' '.repeat(maxMessageBytes + 1), 'too-large'],
] as const;

for (const [text, why] of ignoredFrames) {
  test(`${text.slice(0, 60)} is ignored: ${why}`, () => {
    assert.deepEqual(decodeRequest(text), { kind: 'ignored', why });
  });
}

test('a frame over the limit is answered while it can be read', () => {
  const text = JSON.stringify({ sylkrtc: 'ping', transaction: 't-1', x: 'é'.repeat(maxFrameBytes / 2) });
  assert.deepEqual(decodeRequest(text), {
    kind: 'invalid',
    transaction: 't-1',
    error: `frame is ${maxFrameBytes + 45} bytes long, at most ${maxFrameBytes} are allowed`,
  });
});

test('fields that a request does not have are dropped', () => {
  const text = '{"sylkrtc":"ping","transaction":"t-1","x":{"y":[1]},"__proto__":{"z":1},"constructor":5}';
  const decoded = decodeRequest(text);
  assert.ok(decoded.kind === 'request');
  assert.deepEqual(Object.keys(decoded.request), ['sylkrtc', 'transaction']);
  assert.equal(Object.getPrototypeOf(decoded.request), Object.prototype);
});

test('an optional field that is null stays null, one that is absent stays absent', () => {
  const fields = { sylkrtc: 'account-sync-conversations', transaction: 't-1', account: 'alice@example.org' };
  const decode = (more: object) => decodeRequest(JSON.stringify({ ...fields, ...more }));
  assert.deepEqual(decode({ limit: null }), { kind: 'request', request: { ...fields, limit: null } });
  assert.deepEqual(decode({}), { kind: 'request', request: fields });
});

test('of a field given twice the last counts, as JSON readers have it', () => {
  const decoded = decodeRequest('{"sylkrtc":"ping","transaction":1,"transaction":"t-2"}');
  assert.ok(decoded.kind === 'request' && decoded.request.transaction === 't-2');
});

test('display names in events lose quotation marks and blanks at both ends', () => {
  const text = (name: string) =>
    JSON.stringify({
      sylkrtc: 'account-event',
      account: 'alice@example.org',
      event: 'missed-session',
      originator: { uri: 'sip:bob@example.org', display_name: name },
    });
  for (const [given, shown] of [
    ['"Bob"', 'Bob'],
    [' "Bob "Builder" Smith"', 'Bob "Builder" Smith'],
    ['""', ''],
    ['', ''],
  ] as const) {
    const message = decodeServerMessage(text(given));
    assert.ok(message.sylkrtc === 'account-event' && message.event === 'missed-session');
    assert.deepEqual(message.originator, { uri: 'bob@example.org', display_name: shown });
  }
});

for (const text of [
  '',
  '[]',
  '{}',
  '{"sylkrtc":"ping","transaction":"t-1"}',
  '{"sylkrtc":"ack"}',
  '{"sylkrtc":"session-event","session":"s","event":"state","state":"answered"}',
  '{"sylkrtc":"session-event","session":"s","event":"dtmf","digit":"12","duration":100}',
  nested(maxJsonDepth + 1),
]) {
  test(`${text.slice(0, 80)} is no message of a server`, () => {
    assert.throws(() => decodeServerMessage(text), ProtocolError);
  });
}

test('encoding leaves out what is absent and writes null', () => {
  const request = {
    sylkrtc: 'account-add',
    transaction: 't-1',
    account: 'alice@example.org',
    password: 'x',
    display_name: null,
    user_agent: undefined,
  } as const;
  assert.equal(
    encode(request),
    '{"sylkrtc":"account-add","transaction":"t-1","account":"alice@example.org","password":"x","display_name":null}',
  );
});
