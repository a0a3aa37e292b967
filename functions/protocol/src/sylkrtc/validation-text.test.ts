/**
 * The error texts, field by field, for all requests: sylkRTC's own words where it has some, ours for its bounds.
 * Each row starts from the example of its request and changes one field.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExample } from '../../examples/read-example.ts';
import { decodeRequest } from '../codec.ts';
import { requestModels } from './request-models.ts';

/** A field's kind; `?` where it may be left out or null. */
type Kind =
  | 'string'
  | 'string?'
  | 'address'
  | 'integer'
  | 'integer?'
  | 'boolean'
  | 'boolean?'
  | 'list'
  | 'list?'
  | 'enum';
type Case = readonly [value: unknown, error: RegExp | string | undefined];

const absent = Symbol('absent');

/** Request, model, and its fields in declared order. Not the addressbook's update, which has rules of its own. */
const table: ReadonlyArray<readonly [string, string, Readonly<Record<string, Kind>>]> = [
  ['ping', 'PingRequest', {}],
  ['lookup-public-key', 'LookupPublicKeyRequest', { uri: 'address' }],
  [
    'account-add',
    'AccountAddRequest',
    {
      account: 'address',
      password: 'string',
      display_name: 'string?',
      user_agent: 'string?',
      incoming_header_prefixes: 'list?',
      device: 'string?',
    },
  ],
  ['account-remove', 'AccountRemoveRequest', { account: 'address' }],
  ['account-register', 'AccountRegisterRequest', { account: 'address' }],
  ['account-credentials', 'AccountCredentialsRequest', { account: 'address', realm: 'string' }],
  ['account-unregister', 'AccountUnregisterRequest', { account: 'address' }],
  ['account-block', 'AccountBlockRequest', { account: 'address', uri: 'address' }],
  ['account-allow', 'AccountAllowRequest', { account: 'address', uri: 'address' }],
  [
    'account-devicetoken',
    'AccountDeviceTokenRequest',
    { account: 'address', token: 'string', platform: 'string', device: 'string', silent: 'boolean', app: 'string' },
  ],
  [
    'account-message',
    'AccountMessageRequest',
    {
      account: 'address',
      uri: 'address',
      message_id: 'string',
      content: 'string',
      content_type: 'string',
      timestamp: 'string',
      server_generated: 'boolean?',
    },
  ],
  [
    'account-disposition-notification',
    'AccountDispositionNotificationRequest',
    { account: 'address', uri: 'address', message_id: 'string', state: 'enum', timestamp: 'string' },
  ],
  [
    'account-sync-conversations',
    'AccountSyncConversationsRequest',
    { account: 'address', message_id: 'string?', since: 'string?', limit: 'integer?' },
  ],
  ['account-mark-conversation-read', 'AccountMarkConversationReadRequest', { account: 'address', contact: 'address' }],
  [
    'account-remove-message',
    'AccountMessageRemoveRequest',
    { account: 'address', message_id: 'string', contact: 'address' },
  ],
  ['account-remove-conversation', 'AccountConversationRemoveRequest', { account: 'address', contact: 'address' }],
  ['account-fetch-addressbook', 'AccountFetchAddressbookRequest', { account: 'address' }],
  [
    'session-create',
    'SessionCreateRequest',
    { session: 'string', account: 'address', uri: 'address', sdp: 'string', headers: 'list?', resume: 'string?' },
  ],
  ['session-answer', 'SessionAnswerRequest', { session: 'string', sdp: 'string', headers: 'list?', resume: 'string?' }],
  ['session-trickle', 'SessionTrickleRequest', { session: 'string', candidates: 'list' }],
  ['session-terminate', 'SessionTerminateRequest', { session: 'string', code: 'integer?' }],
  ['session-update', 'SessionUpdateRequest', { session: 'string', sdp: 'string', headers: 'list?' }],
  [
    'session-message',
    'SessionMessageRequest',
    { session: 'string', message_id: 'string', content: 'string', content_type: 'string', timestamp: 'string' },
  ],
  ['session-dtmf-info', 'SessionDtmfInfoRequest', { session: 'string', digit: 'string', duration: 'integer?' }],
  [
    'session-resume',
    'SessionResumeRequest',
    { account: 'address', session: 'string', secret: 'string', last_event: 'integer', sdp: 'string?' },
  ],
  ['session-ack', 'SessionAckRequest', { session: 'string', seq: 'integer' }],
  ['session-ringing', 'SessionRingingRequest', { session: 'string' }],
  ['session-transfer', 'SessionTransferRequest', { session: 'string' }],
  [
    'videoroom-join',
    'VideoroomJoinRequest',
    { session: 'string', account: 'address', uri: 'address', sdp: 'string', audio: 'boolean?', video: 'boolean?' },
  ],
  ['videoroom-leave', 'VideoroomLeaveRequest', { session: 'string' }],
  ['videoroom-configure', 'VideoroomConfigureRequest', { session: 'string', active_participants: 'list' }],
  ['videoroom-feed-attach', 'VideoroomFeedAttachRequest', { session: 'string', publisher: 'string', feed: 'string' }],
  ['videoroom-feed-answer', 'VideoroomFeedAnswerRequest', { session: 'string', feed: 'string', sdp: 'string' }],
  ['videoroom-feed-detach', 'VideoroomFeedDetachRequest', { session: 'string', feed: 'string' }],
  ['videoroom-invite', 'VideoroomInviteRequest', { session: 'string', participants: 'list' }],
  ['videoroom-session-trickle', 'VideoroomSessionTrickleRequest', { session: 'string', candidates: 'list' }],
  ['videoroom-session-update', 'VideoroomSessionUpdateRequest', { session: 'string' }],
  [
    'videoroom-message',
    'VideoroomMessageRequest',
    { session: 'string', message_id: 'string', content: 'string', content_type: 'string' },
  ],
  [
    'videoroom-composing-indication',
    'VideoroomComposingIndicationRequest',
    { session: 'string', state: 'enum', refresh: 'integer?' },
  ],
  ['videoroom-mute-audio-participants', 'VideoroomMuteAudioParticipantsRequest', { session: 'string' }],
  ['videoroom-toggle-hand', 'VideoroomToggleHandRequest', { session: 'string', session_id: 'string?' }],
];

const wrongType = (field: string, literal: string) => `Invalid value for '${field}' property: ${literal}`;

const absentOrNull = (field: string, model: string, kind: Kind): readonly Case[] =>
  kind.endsWith('?')
    ? [
        [absent, undefined],
        [null, undefined],
      ]
    : [
        [absent, `Mandatory property '${field}' of '${model}' object is missing`],
        [null, kind === 'enum' ? /^Invalid value for 'state' property: None \(expected: / : wrongType(field, 'None')],
      ];

const wrongValues = (field: string, kind: Kind): readonly Case[] => {
  const number: Case = [5, wrongType(field, '5')];
  switch (kind) {
    case 'address':
      return [number, ['al ice@example.org', 'invalid SIP URI: al ice@example.org']];
    case 'string':
    case 'string?':
      return [number, [['a'], wrongType(field, "['a']")], [true, wrongType(field, 'True')]];
    case 'integer':
    case 'integer?':
      return [
        ['5', wrongType(field, "'5'")],
        [1.5, wrongType(field, '1.5')],
        [false, wrongType(field, 'False')],
      ];
    case 'boolean':
    case 'boolean?':
      return [number, ['true', wrongType(field, "'true'")]];
    case 'list':
    case 'list?':
      return [number, [{}, wrongType(field, '{}')], [{ 0: null }, wrongType(field, "{'0': None}")]];
    case 'enum':
      return [['on', /^Invalid value for 'state' property: 'on' \(expected: [a-z, ]+ or [a-z]+\)$/]];
  }
};

const errorOf = (request: Readonly<Record<string, unknown>>): string | undefined => {
  const decoded = decodeRequest(JSON.stringify(request));
  assert.notEqual(decoded.kind, 'ignored');
  return decoded.kind === 'invalid' ? decoded.error : undefined;
};

const changed = (name: string, field: string, value: unknown): Record<string, unknown> => {
  const request = JSON.parse(readExample('requests', name));
  if (value === absent) delete request[field];
  else request[field] = value;
  return request;
};

const assertError = (actual: string | undefined, expected: Case[1]): void => {
  if (expected instanceof RegExp) assert.match(actual ?? '', expected);
  else assert.equal(actual, expected);
};

test('session-transfer names one target', () => {
  const either = "session-transfer needs either 'uri' or 'replaces_session'";
  assertError(errorOf(changed('session-transfer', 'uri', absent)), either);
  assertError(errorOf(changed('session-transfer', 'uri', null)), either);
  assertError(errorOf(changed('session-transfer', 'replaces_session', 'another-session')), either);
  assertError(errorOf(changed('session-transfer', 'uri', 'al ice@example.org')), 'invalid SIP URI: al ice@example.org');
});

test('account-credentials has a digest of an algorithm that is known', () => {
  const wrong = /^Invalid value for 'algorithm' property: 'SHA-1' \(expected: /;
  assertError(errorOf(changed('account-credentials', 'algorithm', 'SHA-1')), wrong);
  assertError(errorOf(changed('account-credentials', 'ha1', 'secret')), /ha1/);
});

test('the table has all requests', () => {
  const named = [...table.map(([name]) => name), 'account-update-addressbook'];
  assert.deepEqual(named.sort(), [...requestModels.keys()].sort());
});

for (const [name, model, fields] of table) {
  for (const [field, kind] of Object.entries(fields)) {
    test(`${name}: ${field}`, () => {
      for (const [value, expected] of [...absentOrNull(field, model, kind), ...wrongValues(field, kind)]) {
        assertError(errorOf(changed(name, field, value)), expected);
      }
    });
  }
  test(`${name}: of two faults the one in the field declared first is told`, () => {
    for (const [first, second] of pairs(Object.entries(fields).filter(([, kind]) => !kind.endsWith('?')))) {
      const request = { ...changed(name, first, absent) };
      request[second] = null;
      assert.equal(errorOf(request), `Mandatory property '${first}' of '${model}' object is missing`);
    }
  });
}

function* pairs(entries: ReadonlyArray<readonly [string, Kind]>): Generator<readonly [string, string]> {
  for (const [index, [first]] of entries.entries()) {
    for (const [second] of entries.slice(index + 1)) yield [first, second];
  }
}
