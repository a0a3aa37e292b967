import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from './parse-message.ts';
import { refusalOf } from './sanity.ts';
import { fittedReply, statelessReply } from './stateless-reply.ts';

const isOurs = (host: string) => host === 'example.com';

function parsed(method: string, changed: readonly string[] = [], target = 'sip:alice@example.com') {
  const usual = [
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa',
    'From: <sip:bob@example.org>;tag=1',
    'To: <sip:alice@example.com>',
    'Call-ID: one',
    `CSeq: 1 ${method}`,
    'Contact: <sip:bob@192.0.2.1>',
    'Max-Forwards: 70',
  ];
  const names = changed.map((line) => line.split(':', 1)[0]);
  const kept = usual.filter((line) => !names.includes(line.split(':', 1)[0]));
  const lines = [`${method} ${target} SIP/2.0`, ...kept, ...changed.filter((line) => !line.endsWith(': -'))];
  const result = parseMessage(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  return result.kind === 'request' ? result : assert.fail(`it is ${result.kind}`);
}

const inDialog = 'To: <sip:alice@example.com>;tag=2';

const rows: [string, ReturnType<typeof parsed>, number | undefined][] = [
  ['an INVITE for us', parsed('INVITE'), undefined],
  ['an OPTIONS for us', parsed('OPTIONS', [], 'sip:example.com'), undefined],
  ['an INVITE for another domain', parsed('INVITE', [], 'sip:alice@example.net'), 404],
  ['an OPTIONS for another domain', parsed('OPTIONS', [], 'sip:example.net'), 404],
  ['an INVITE for nobody', parsed('INVITE', [], 'sip:example.com'), 484],
  ['a re-INVITE to whatever our Contact became', parsed('INVITE', [inDialog], 'sip:10.0.0.1'), undefined],
  ['a REGISTER', parsed('REGISTER'), undefined],
  ['a SUBSCRIBE', parsed('SUBSCRIBE'), 489],
  ['a method that nobody knows', parsed('NEWMETHOD'), 501],
  ['a BYE without a dialog', parsed('BYE'), 481],
  ['an INFO without a dialog', parsed('INFO'), 481],
  ['a BYE in a dialog', parsed('BYE', [inDialog]), undefined],
  ['no hops left', parsed('INVITE', ['Max-Forwards: 0']), 483],
  ['no hops left for an OPTIONS, which ends here anyway', parsed('OPTIONS', ['Max-Forwards: 0']), undefined],
  ['no Max-Forwards at all', parsed('INVITE', ['Max-Forwards: -']), undefined],
  ['too many hops to be true', parsed('INVITE', ['Max-Forwards: 300']), 400],
  ['hops written with zeros in front', parsed('INVITE', ['Max-Forwards: 0068']), undefined],
  ['no answer of ours accepted', parsed('INVITE', ['Accept: text/plain']), 406],
  ['our answer accepted among others', parsed('INVITE', ['Accept: text/plain, application/SDP;level=1']), undefined],
  ['everything accepted', parsed('INVITE', ['Accept: */*']), undefined],
  ['an extension that we do not have', parsed('INVITE', ['Require: 100rel, nothingSupportsThis']), 420],
  ['a CANCEL with such an extension', parsed('CANCEL', ['Require: nothingSupportsThis']), undefined],
  ['an INVITE without Contact', parsed('INVITE', ['Contact: -']), 400],
  ['an INVITE with two Contacts', parsed('INVITE', ['Contact: <sip:a@b>, <sip:c@d>']), 400],
  ['an INVITE with Contact *', parsed('INVITE', ['Contact: *']), 400],
  ['an INVITE from a telephone', parsed('INVITE', ['Contact: <tel:+15550100>']), 400],
  ['a compressed body', parsed('INVITE', ['Content-Encoding: gzip']), 415],
  ['a fault of the parser', parsed('INVITE', ['CSeq: 1 BYE']), 400],
];
for (const [name, request, code] of rows) {
  test(`${name}: ${code ?? 'goes on'}`, () => assert.equal(refusalOf(request, isOurs)?.code, code));
}

test('a body that is no SDP is refused with what we take', () => {
  const text = [
    'INVITE sip:alice@example.com SIP/2.0',
    'Via: SIP/2.0/UDP h;branch=z9hG4bKa',
    'From: <sip:b@c>;tag=1',
    'To: <sip:a@b>',
    'Call-ID: 1',
    'CSeq: 1 INVITE',
    'Contact: <sip:b@c>',
    'Content-Type: multipart/mixed;boundary=x',
    'Content-Length: 2',
    '',
    'xx',
  ].join('\r\n');
  const request = parseMessage(Buffer.from(text));
  assert.ok(request.kind === 'request');
  const refusal = refusalOf(request, () => true);
  assert.equal(refusal?.code, 415);
  assert.match(refusal?.headers.join() ?? '', /^Accept: application\/sdp/);
});

test('an unsupported extension is named in the answer', () => {
  assert.deepEqual(refusalOf(parsed('INVITE', ['Require: precondition , x']), isOurs)?.headers, [
    'Unsupported: precondition, x',
  ]);
});

test('an answer without memory copies the request, and gives each copy of it the same tag', () => {
  const request = parsed('INVITE', [
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa, SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKb',
  ]).message;
  const reply = statelessReply(request, { code: 404, phrase: 'Not Found', headers: ['X: 1'] });
  assert.match(
    reply,
    /^SIP\/2\.0 404 Not Found\r\nVia: [^\r]*bKa\r\nVia: [^\r]*bKb\r\nFrom: [^\r]*\r\nTo: <sip:alice@example\.com>;tag=[0-9a-f]{24}\r\n/,
  );
  assert.match(reply, /\r\nX: 1\r\nContent-Length: 0\r\n\r\n$/);
  assert.equal(statelessReply(request, { code: 404, phrase: 'Not Found', headers: ['X: 1'] }), reply);
});

test('an answer to a stranger is cut down to the size of the request, as far as it keeps its meaning', () => {
  const { message } = parsed('OPTIONS');
  const reply = { code: 405, phrase: 'Method Not Allowed', headers: ['Allow: INVITE, ACK', 'Unsupported: x'] };
  assert.equal(fittedReply(message, reply, 2_000), statelessReply(message, reply));
  const whole = statelessReply(message, reply).length;
  const bare = fittedReply(message, reply, whole - 1);
  assert.ok(bare.length < whole);
  assert.doesNotMatch(bare, /Allow:/);
  assert.match(bare, /\r\nUnsupported: x\r\n/);
  const shortest = fittedReply(message, reply, 1);
  assert.match(shortest, /^SIP\/2\.0 405 \r\nVia: [^\r]*\r\nFrom: [^\r]*\r\nTo: [^\r]*;tag=[0-9a-f]{8}\r\n/);
  assert.ok(shortest.length < bare.length);
});
