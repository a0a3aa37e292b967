/** Messages of the kinds that RFC 4475 collects, written anew: legal ones that look odd, and odd ones that are not legal. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMessage } from './parse-message.ts';
import { refusalOf } from './sanity.ts';

const usual: Record<string, string> = {
  Via: 'SIP/2.0/UDP t1.example.org;branch=z9hG4bKkdjuw',
  From: '<sip:caller@example.org>;tag=323',
  To: '<sip:user@example.com>',
  'Call-ID': 'torture@example.org',
  CSeq: '1 OPTIONS',
  'Max-Forwards': '70',
};

function message(startLine: string, changed: Record<string, string> = {}, body = ''): Buffer {
  const headers = Object.entries({ ...usual, ...changed }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${[startLine, ...headers].join('\r\n')}\r\n\r\n${body}`);
}

/** What becomes of a request: `ok`, or the code that it is refused with. */
function fate(bytes: Buffer): string {
  const parsed = parseMessage(bytes);
  if (parsed.kind !== 'request') return parsed.kind;
  return String(refusalOf(parsed, () => true)?.code ?? 'ok');
}

const options = 'OPTIONS sip:user@example.com SIP/2.0';

const legal: [string, Buffer][] = [
  ['a name that touches its bracket', message(options, { From: 'caller<sip:caller@example.org>;tag=323' })],
  [
    'escaped zeros in a user',
    message('OPTIONS sip:null-%00-null@example.com SIP/2.0', { To: '<sip:null-%00-null@example.com>' }),
  ],
  ['escapes that mean something else unescaped', message('OPTIONS sip:u%2525ser@example.com SIP/2.0')],
  ['a user with parameters of its own', message('OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0')],
  [
    'a transport that nobody knows in an older Via',
    message(options, { Via: `${usual.Via}, SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bKkdjuw2` }),
  ],
  ['a branch that is the cookie alone', message(options, { Via: 'SIP/2.0/UDP t1.example.org;branch=z9hG4bK' })],
  [
    'a second request in the same datagram, which is left out',
    message(options, { 'Content-Length': '0' }, 'INVITE sip:x@y SIP/2.0\r\n\r\n'),
  ],
  ['a date that is none', message(options, { Date: 'Fri, 01 Jan 2010 16:00:00 EST' })],
  ['header names that nobody knows', message(options, { 'X-%+_~!': '"unbalanced' })],
  ['words beyond ASCII in a name', message(options, { From: 'Jürgen Müller <sip:jm@example.org>;tag=1' })],
  ['a To in a scheme that is not SIP', message(options, { To: 'isbn:2983792873' })],
  ['a very long header', message(options, { 'X-Long': 'long '.repeat(2_000) })],
  [
    'sixty values of Via',
    message(options, {
      Via: Array.from({ length: 60 }, (_, hop) => `SIP/2.0/TCP h${hop}.example.com;branch=z9hG4bK${hop}`).join(','),
    }),
  ],
];

const illegal: [string, string, Buffer][] = [
  ['400', 'white space at the end of the Request-Line', message(`${options}  `)],
  ['400', 'an open escape in the Request-URI', message('OPTIONS sip:sip%3Auser%40example.com%@example.net SIP/2.0')],
  [
    '400',
    'a name with a bare colon',
    message(options, { From: 'Bell, Alexander: <sip:a.g.bell@bell-tel.com>;tag=43' }),
  ],
  [
    '400',
    'an address without brackets, with a query',
    message(options, { To: 'sip:user@example.com?Route=%3Csip:x%3E;tag' }),
  ],
  ['400', 'a body without its type', message(options, {}, 'hello')],
  ['400', 'a tag twice', message(options, { From: '<sip:caller@example.org>;tag=1;tag=2' })],
  ['unreadable', 'a Via that is no Via', message(options, { Via: 'SIP/2.0 t1.example.org' })],
  ['unreadable', 'a start line of one word', message('OPTIONS')],
  [
    '501',
    'a method that is no word of SIP',
    message("!interesting-Method0123456789_*+`.%indeed'~ sip:u@h SIP/2.0", {
      CSeq: "1 !interesting-Method0123456789_*+`.%indeed'~",
    }),
  ],
];

describe('odd, yet legal', () => {
  for (const [name, bytes] of legal) test(name, () => assert.equal(fate(bytes), 'ok'));
});

describe('not legal', () => {
  for (const [expected, name, bytes] of illegal)
    test(`${name}: ${expected}`, () => assert.equal(fate(bytes), expected));
});
