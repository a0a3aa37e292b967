import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExample } from '../../examples/read-example.ts';
import { type DecodedRequest, decodeRequest } from '../codec.ts';
import { maxCandidates, maxHeaderChars, maxHeaders, maxIdChars, maxSdpChars } from '../limits.ts';
import type { Request } from './requests.ts';

const withFields = (name: string, fields: Readonly<Record<string, unknown>>): DecodedRequest =>
  decodeRequest(JSON.stringify({ ...JSON.parse(readExample('requests', name)), ...fields }));

const errorOf = (name: string, fields: Readonly<Record<string, unknown>>): string | undefined => {
  const decoded = withFields(name, fields);
  return decoded.kind === 'invalid' ? decoded.error : undefined;
};

const requestOf = (name: string, fields: Readonly<Record<string, unknown>>): Request => {
  const decoded = withFields(name, fields);
  assert.equal(decoded.kind, 'request', JSON.stringify(decoded));
  return decoded.kind === 'request' ? decoded.request : assert.fail();
};

test('an error reply carries the transaction of its request', () => {
  assert.deepEqual(withFields('account-remove', { account: 7, transaction: '' }), {
    kind: 'invalid',
    transaction: '',
    error: "Invalid value for 'account' property: 7",
  });
});

test('addresses lose their scheme and nothing else', () => {
  for (const [written, kept] of [
    ['sip:Alice@Example.ORG', 'Alice@Example.ORG'],
    ['sips:alice@example.org;transport=tcp', 'alice@example.org;transport=tcp'],
    ['example.org', 'example.org'],
    ['alice@[2001:db8::1]:5061', 'alice@[2001:db8::1]:5061'],
  ]) {
    const request = requestOf('account-remove', { account: written });
    assert.equal('account' in request && request.account, kept);
  }
});

test('who is called keeps sips, which asks for TLS all the way', () => {
  for (const [written, kept] of [
    ['SIPS:bob@example.org', 'sips:bob@example.org'],
    ['sip:bob@example.org', 'bob@example.org'],
    ['bob@example.org', 'bob@example.org'],
  ]) {
    const request = requestOf('session-create', { uri: written });
    assert.equal('uri' in request && request.uri, kept);
  }
});

test('an address that is no SIP URI is told as it was written', () => {
  for (const written of [
    '',
    'sip:',
    'alice@',
    '@example.org',
    'sip:al<i>ce@example.org',
    'bob@example.org\r\nVia: x',
  ]) {
    assert.equal(errorOf('session-create', { uri: written }), `invalid SIP URI: ${written}`);
  }
});

test('an enum tells what it allows, in alphabetical order', () => {
  assert.equal(
    errorOf('account-disposition-notification', { state: 'seen' }),
    "Invalid value for 'state' property: 'seen' (expected: delivered, displayed, error, failed or forbidden)",
  );
  assert.equal(
    errorOf('videoroom-composing-indication', { state: 'on' }),
    "Invalid value for 'state' property: 'on' (expected: active or idle)",
  );
});

test('a password has 1 to 9999 characters', () => {
  const text = "the value's length must be between 1 and 9999 inclusive";
  assert.equal(errorOf('account-add', { password: '' }), text);
  assert.equal(errorOf('account-add', { password: 'x'.repeat(10_000) }), text);
  assert.equal(errorOf('account-add', { password: 'x'.repeat(9_999) }), undefined);
});

test('a room has at most two speakers, repetitions not counted', () => {
  assert.equal(
    errorOf('videoroom-configure', { active_participants: ['a', 'b', 'c'] }),
    "the value's length must be between 0 and 2 inclusive",
  );
  const request = requestOf('videoroom-configure', { active_participants: ['a', 'b', 'a'] });
  assert.deepEqual('active_participants' in request && request.active_participants, ['a', 'b']);
});

test('lists of header prefixes and of invited addresses lose repetitions, the first stays', () => {
  const add = requestOf('account-add', { incoming_header_prefixes: ['X-', 'P-', 'X-'] });
  assert.deepEqual('incoming_header_prefixes' in add && add.incoming_header_prefixes, ['X-', 'P-']);
  const invite = requestOf('videoroom-invite', { participants: ['sip:a@b.org', 'c@b.org', 'a@b.org'] });
  assert.deepEqual('participants' in invite && invite.participants, ['a@b.org', 'c@b.org']);
});

test('a list element of the wrong type is told with the type of the list', () => {
  const candidate = { candidate: 'candidate:1', sdpMLineIndex: 0, sdpMid: '0' };
  assert.equal(errorOf('session-trickle', { candidates: [candidate, 5] }), 'Invalid value for ICECandidate: 5');
  assert.equal(errorOf('session-trickle', { candidates: [null] }), 'Invalid value for ICECandidate: None');
  assert.equal(errorOf('session-create', { headers: ['X-A: b'] }), "Invalid value for Header: 'X-A: b'");
  assert.equal(errorOf('account-add', { incoming_header_prefixes: ['X-', 5] }), 'Invalid value for str, str: 5');
  assert.equal(errorOf('videoroom-invite', { participants: ['alice at home'] }), 'invalid SIP URI: alice at home');
});

test('a fault inside an element is told with the name of its object', () => {
  const candidate = { candidate: 'candidate:1', sdpMLineIndex: 0, sdpMid: '0' };
  const missing = (field: string, model: string) => `Mandatory property '${field}' of '${model}' object is missing`;
  assert.equal(errorOf('session-trickle', { candidates: [{}] }), missing('candidate', 'ICECandidate'));
  assert.equal(
    errorOf('session-trickle', { candidates: [{ ...candidate, sdpMid: null }] }),
    "Invalid value for 'sdpMid' property: None",
  );
  assert.equal(errorOf('session-update', { headers: [{ name: 'X-A' }] }), missing('value', 'Header'));
  assert.equal(errorOf('videoroom-session-update', { options: 5 }), "Invalid value for 'options' property: 5");
  assert.equal(
    errorOf('videoroom-session-update', { options: { bitrate: 'low' } }),
    "Invalid value for 'bitrate' property: 'low'",
  );
});

test('candidates lose what browsers add to them', () => {
  const candidate = { candidate: 'candidate:1', sdpMLineIndex: 0, sdpMid: '0', usernameFragment: 'kT3v' };
  const request = requestOf('session-trickle', { candidates: [candidate] });
  assert.deepEqual('candidates' in request && request.candidates, [
    { candidate: 'candidate:1', sdpMLineIndex: 0, sdpMid: '0' },
  ]);
});

test('of several headers with one name the last counts', () => {
  const headers = [
    { name: 'X-A', value: '1' },
    { name: 'X-B', value: '2' },
    { name: 'X-A', value: '3' },
  ];
  const request = requestOf('session-create', { headers });
  assert.deepEqual('headers' in request && request.headers, [
    { name: 'X-A', value: '3' },
    { name: 'X-B', value: '2' },
  ]);
});

test('headers cannot smuggle others', () => {
  const error = (header: object) => errorOf('session-create', { headers: [header] });
  assert.match(error({ name: 'X-A', value: 'a\r\nRoute: <sip:evil.example>' }) ?? '', /^invalid header value: /);
  assert.match(error({ name: 'X-A\r\nRoute', value: 'a' }) ?? '', /^invalid header name: 'X-A\\r\\nRoute', expected /);
  assert.match(error({ name: '', value: 'a' }) ?? '', /^invalid header name: '', expected /);
  assert.match(
    errorOf('account-add', { display_name: 'Al\nice' }) ?? '',
    /^invalid name: 'Al\\nice', expected one line/,
  );
  assert.match(errorOf('account-add', { user_agent: 'x\0' }) ?? '', /^invalid name: 'x\\x00', expected one line/);
});

test('what is too long or too many is told with its size and its bound', () => {
  const id = 'x'.repeat(maxIdChars + 1);
  assert.equal(
    errorOf('session-create', { sdp: 'x'.repeat(maxSdpChars + 1) }),
    `sdp is ${maxSdpChars + 1} characters long, at most ${maxSdpChars} are allowed`,
  );
  assert.equal(
    errorOf('session-terminate', { session: id }),
    `session is ${id.length} characters long, at most 255 are allowed`,
  );
  assert.equal(
    errorOf('account-add', { account: `${id}@example.org` }),
    `account is ${id.length + 12} characters long, at most 255 are allowed`,
  );
  const headers = Array.from({ length: maxHeaders + 1 }, (_, index) => ({ name: `X-${index}`, value: '' }));
  assert.equal(errorOf('session-create', { headers }), `headers has 33 entries, at most 32 are allowed`);
  assert.equal(
    errorOf('session-create', { headers: [{ name: 'X-A', value: 'x'.repeat(maxHeaderChars + 1) }] }),
    'headers.0.value is 1025 characters long, at most 1024 are allowed',
  );
  const candidate = { candidate: 'candidate:1', sdpMLineIndex: 0, sdpMid: '0' };
  assert.equal(
    errorOf('session-trickle', { candidates: Array(maxCandidates + 1).fill(candidate) }),
    'candidates has 65 entries, at most 64 are allowed',
  );
});

test('what was sent back in an error is cut', () => {
  const error = errorOf('account-add', { password: ['x'.repeat(20_000)] }) ?? '';
  assert.ok(error.length < 600 && error.endsWith('x...'), error);
});

test('the additions have bounds of their own', () => {
  assert.equal(
    errorOf('session-terminate', { code: 200 }),
    "Invalid value for 'code' property: 200 (expected: at least 400)",
  );
  assert.equal(
    errorOf('session-terminate', { code: 700 }),
    "Invalid value for 'code' property: 700 (expected: at most 699)",
  );
  assert.equal(
    errorOf('session-resume', { last_event: -1 }),
    "Invalid value for 'last_event' property: -1 (expected: at least 0)",
  );
  assert.equal(
    errorOf('account-add', { device: 'mine' }),
    "invalid device: 'mine', expected 8 to 64 letters, digits, '_' or '-'",
  );
});

test('a resume secret is not repeated in an error', () => {
  for (const name of ['session-create', 'session-answer']) {
    assert.equal(
      errorOf(name, { resume: 'too short' }),
      "invalid resume secret, expected 22 to 128 letters, digits, '_' or '-'",
    );
  }
  assert.match(errorOf('session-resume', { secret: 'too short' }) ?? '', /^invalid resume secret, expected/);
});

test('the addressbook reads its object first, then the envelope', () => {
  const contact = { id: 'c', name: 'C', uris: [], dialog: { policy: 'default' }, presence: {} };
  const error = (fields: Readonly<Record<string, unknown>>) => errorOf('account-update-addressbook', fields);
  assert.equal(error({ data: undefined }), "'data'");
  assert.equal(error({ type: undefined }), "'type'");
  assert.equal(error({ type: 'groupMember' }), 'Unknown type: groupMember');
  assert.equal(error({ type: null }), 'Unknown type: None');
  assert.equal(error({ data: 5, account: 5 }), "Invalid value for 'data' property: 5");
  assert.equal(error({ data: {}, account: 5 }), "Mandatory property 'id' of 'Contact' object is missing");
  assert.equal(error({ type: 'group' }), "Mandatory property 'contacts' of 'Group' object is missing");
  assert.equal(error({ type: 'policy' }), "Mandatory property 'uri' of 'Policy' object is missing");
  assert.equal(error({ data: contact }), "Mandatory property 'subscribe' of 'EventHandling' object is missing");
  assert.equal(
    error({ action: 'put' }),
    "Invalid value for 'action' property: 'put' (expected: add, delete or update)",
  );
});

test('the first address of a contact is its default where none is named', () => {
  const [first, second] = [
    { id: 'u-1', uri: 'bob@example.org' },
    { id: 'u-2', uri: 'bob@example.net' },
  ];
  const handling = { policy: 'default', subscribe: false };
  const contact = { id: 'c', name: 'C', uris: [first, second], dialog: handling, presence: handling };
  const defaultOf = (fields: object) => {
    const request = requestOf('account-update-addressbook', { data: { ...contact, ...fields } });
    return 'data' in request && 'defaultUri' in request.data ? request.data.defaultUri : undefined;
  };
  assert.deepEqual(defaultOf({}), first);
  assert.deepEqual(defaultOf({ default_uri: second }), second);
  assert.deepEqual(defaultOf({ uris: [] }), undefined);
});
