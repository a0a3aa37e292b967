import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExample } from '../../examples/read-example.ts';
import { maxMessageBytes } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { callRows, decodeFromEdge, decodeToEdge, encode, probeOutcome, reportResult } from './codec.ts';

const refusal = (decode: () => unknown): string => {
  try {
    decode();
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    return error.message;
  }
  return assert.fail('it was taken');
};

const command = (fields: object): string =>
  JSON.stringify({ ...JSON.parse(readExample('edge/to-edge', 'request')), ...fields });

test('a command that is not one is refused with the place of the fault', () => {
  const kindText = refusal(() => decodeToEdge('{"kind":"reboot"}'));
  assert.match(kindText, /^not a frame for an edge at kind: /);
  assert.match(
    refusal(() => decodeToEdge(command({ ttlMs: -1 }))),
    /^not a frame for an edge at ttlMs: /,
  );
  assert.match(
    refusal(() => decodeToEdge(command({ from: {} }))),
    /^not a frame for an edge at from\.connection: /,
  );
});

test('a request inside a command is checked as a client would be', () => {
  const request = { sylkrtc: 'session-create', transaction: 't', session: 's', account: 'a b', uri: 'b@c', sdp: '' };
  assert.equal(
    refusal(() => decodeToEdge(command({ request }))),
    'not a frame for an edge at request.account: invalid SIP URI: a b',
  );
  assert.match(
    refusal(() => decodeToEdge(command({ request: { sylkrtc: 'ping', transaction: 't' } }))),
    /^not a frame for an edge at request\.sylkrtc: /,
  );
});

test('a refusal names fields and repeats no secret', () => {
  const text = readExample('edge/to-edge', 'resume').replace('"u3ZkQ9rT1vXw5yBn7mLp2s"', '"u3ZkQ9rT1 vXw5yBn7mLp2s"');
  assert.match(
    refusal(() => decodeToEdge(text)),
    /^not a frame for an edge at request\.secret: invalid resume secret/,
  );
});

test('commands do not come from an edge, nor reports from signaling', () => {
  assert.match(
    refusal(() => decodeFromEdge(readExample('edge/to-edge', 'drain'))),
    /^not a frame from an edge at kind/,
  );
  assert.match(
    refusal(() => decodeToEdge(readExample('edge/from-edge', 'renew'))),
    /^not a frame for an edge at kind/,
  );
});

test('a refused report carries its error', () => {
  assert.deepEqual(decodeToEdge('{"kind":"answer","id":"r-1","ok":false,"error":"no"}'), {
    kind: 'answer',
    id: 'r-1',
    ok: false,
    error: 'no',
  });
});

test('the result of one report does not pass for that of another', () => {
  assert.deepEqual(reportResult('ring', { status: 'away' }), { status: 'away' });
  assert.match(
    refusal(() => reportResult('ring', { gone: true })),
    /^not the result of ring at status: /,
  );
  assert.match(
    refusal(() => reportResult('bind', { gone: true })),
    /^not the result of bind: /,
  );
  assert.match(
    refusal(() => reportResult('hello', undefined)),
    /^not the result of hello: /,
  );
});

test('results of commands are checked by who asked', () => {
  assert.deepEqual(callRows([]), []);
  assert.match(
    refusal(() => callRows([{ call: 'x' }])),
    /^not a list of calls at 0\.from: /,
  );
  assert.match(
    refusal(() => probeOutcome({})),
    /^not the result of a probe at ok: /,
  );
});

test('a frame over the limit is refused unread', () => {
  const frame = encode({ kind: 'done', id: 'c-1', ok: false, error: 'x'.repeat(maxMessageBytes) });
  assert.match(
    refusal(() => decodeFromEdge(frame)),
    /^frame is 13\d+ bytes long, at most 131072 are allowed$/,
  );
});
