import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseMessage } from './parse-message.ts';

const lines = (...all: string[]): Buffer => Buffer.from(`${all.join('\r\n')}\r\n\r\n`);

const minimal = [
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa;rport',
  'From: "Bob" <sip:bob@example.org>;tag=1',
  'To: <sip:alice@example.com>',
  'Call-ID: one@example.org',
  'CSeq: 7 INVITE',
  'Contact: <sip:bob@192.0.2.1:5060;transport=udp>',
];

function request(text: Buffer) {
  const parsed = parseMessage(text);
  assert.equal(parsed.kind, 'request', parsed.kind === 'unreadable' ? parsed.reason : parsed.kind);
  return parsed.kind === 'request' ? parsed : assert.fail();
}

/** A request that is sound but for one line. */
function faultOf(startLine: string, ...changed: string[]): string | undefined {
  const names = changed.map((line) => line.split(':', 1)[0]);
  const rest = minimal.filter((line) => !names.includes(line.split(':', 1)[0]));
  const { fault } = request(lines(startLine, ...rest, ...changed.filter((line) => !line.endsWith(': -'))));
  return fault && `${fault.code} ${fault.phrase}`;
}

const invite = 'INVITE sip:alice@example.com SIP/2.0';

describe('a request', () => {
  test('is read into what sip.js works with', () => {
    const body = 'v=0\r\n';
    const { message, via, fault } = request(
      Buffer.from(
        `${[invite, ...minimal, 'Content-Type: application/sdp', `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}tail`,
      ),
    );
    assert.equal(fault, undefined);
    assert.equal(message.method, 'INVITE');
    assert.deepEqual([message.ruri?.user, message.ruri?.host], ['alice', 'example.com']);
    assert.deepEqual([message.from.displayName, message.fromTag, message.toTag], ['Bob', '1', undefined]);
    assert.deepEqual([message.callId, message.cseq, message.body], ['one@example.org', 7, body]);
    assert.equal(message.viaBranch, 'z9hG4bKa|192.0.2.1:5060');
    assert.deepEqual([via.transport, via.host, via.port], ['UDP', '192.0.2.1', 5060]);
    assert.equal(message.parseHeader('contact').uri.toString(), 'sip:bob@192.0.2.1:5060;transport=udp');
  });

  test('may use compact names, folded lines, any case and lists', () => {
    const { message, fault } = request(
      lines(
        'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
        'TO :',
        ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
        '  ;',
        '  tag = 98asjd8',
        'MaX-fOrWaRdS: 0068',
        'i : intmeth.word%ZK-!.*_+',
        'cseq: 0009',
        '  INVITE',
        'Via  : SIP  /   2.0',
        ' /UDP',
        '    192.0.2.2;branch=390skdjuw',
        's :',
        'NewFangledHeader:   newfangled value',
        ' continued newfangled value',
        'UnknownHeaderWithUnusualValue: ;;,,;;,;',
        'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
        '  branch  =   z9hG4bK9ikj8  ,',
        ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
        ' z9hG4bK30239',
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
        '      newvalue ;',
        '  secondparam ; q = 0.33',
      ),
    );
    assert.equal(fault, undefined);
    assert.equal(message.toTag, '1918181833n');
    assert.equal(message.from.displayName, 'J Rosenberg \\"');
    assert.equal(message.cseq, 9);
    assert.equal(message.getHeaders('via').length, 3);
    assert.equal(message.getHeader('subject'), '');
    assert.match(message.viaBranch, /^rfc2543\|/);
  });

  test('keeps the text of URIs as it was, escapes and all', () => {
    for (const uri of [
      'sip:sips%3Auser%40example.com@example.net',
      'sip:user;par=u%40example.net@example.com',
      "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
      'sip:t.watson@example.org;method=x',
      'sip:alice@[2001:db8::9:255]:5070',
    ]) {
      assert.equal(request(lines(`INVITE ${uri} SIP/2.0`, ...minimal)).message.ruri?.toRaw(), uri);
    }
  });

  test('without the magic cookie is told apart by its fields, and its ACK and CANCEL belong to it', () => {
    const old = minimal.map((line) => line.replace('z9hG4bK', ''));
    const id = (method: string, changed: (line: string) => string = (line) => line) =>
      request(lines(`${method} sip:a@b SIP/2.0`, ...old.map((line) => changed(line.replace('INVITE', method))))).message
        .viaBranch;
    assert.equal(id('ACK'), id('INVITE'));
    assert.equal(id('CANCEL'), id('INVITE'));
    assert.notEqual(
      id('INVITE', (line) => line.replace('one@', 'two@')),
      id('INVITE'),
    );
  });

  test('may have any character behind a backslash in quotes, and nowhere else', () => {
    const from = (name: string) => faultOf(invite, `From: ${name} <sip:bob@example.org>;tag=1`);
    assert.equal(from('"bell \\\x07, quote \\", zero \\\0"'), undefined);
    assert.match(from('"bell \x07"') ?? '', /^400/);
    assert.match(from('bell \\\x07') ?? '', /^400/);
    assert.match(from('"line \\\n"') ?? '', /^400/);
  });

  test('of a branch that is the cookie alone is told apart by its fields', () => {
    const id = (callId: string) =>
      request(lines(invite, ...minimal.map((line) => line.replace('z9hG4bKa', 'z9hG4bK').replace('one@', callId))))
        .message.viaBranch;
    assert.notEqual(id('two@'), id('three@'));
  });

  test('counts a body in bytes, not in characters', () => {
    const body = Buffer.from('größe');
    const text = Buffer.concat([
      lines(invite, ...minimal, 'Content-Type: text/plain', `Content-Length: ${body.length}`),
      body,
      Buffer.from('x'),
    ]);
    assert.equal(request(text).message.body, 'größe');
  });
});

const faults: [string, string, string[], RegExp][] = [
  ['another version in Via', invite, ['Via: SIP/3.0/UDP 192.0.2.1;branch=z9hG4bKa'], /^400 Via of another version/],
  [
    'a Contact with headers and no brackets',
    invite,
    ['Contact: sip:bob@example.org?Route=x'],
    /^400 Malformed Contact/,
  ],
  ['another version', 'INVITE sip:alice@example.com SIP/7.0', [], /^505 /],
  ['spaces within the Request-URI', 'INVITE sip:alice@example.com; lr SIP/2.0', [], /^400 Request-URI/],
  ['spaces around the Request-URI', 'INVITE  sip:alice@example.com  SIP/2.0', [], /^400 Spaces/],
  ['brackets around the Request-URI', 'INVITE <sip:alice@example.com> SIP/2.0', [], /^400 Request-URI/],
  ['headers in the Request-URI', 'INVITE sip:alice@example.com?Route=x SIP/2.0', [], /^400 Headers/],
  ['a telephone number', 'INVITE tel:+15550100 SIP/2.0', [], /^416 /],
  [
    'a scheme that nobody knows',
    'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0',
    ['CSeq: 1 OPTIONS'],
    /^416 /,
  ],
  ['another method in CSeq', invite, ['CSeq: 7 OPTIONS'], /^400 CSeq of OPTIONS/],
  ['a CSeq beyond 31 bits', invite, ['CSeq: 36893488147419103232 INVITE'], /^400 CSeq/],
  ['a CSeq of 2^31', invite, ['CSeq: 2147483648 INVITE'], /^400 CSeq/],
  ['no Call-ID', invite, ['Call-ID: -'], /^400 Missing Call-ID/],
  ['no From', invite, ['From: -'], /^400 Missing From/],
  ['no tag in From', invite, ['From: <sip:bob@example.org>'], /^400 From Header without a tag/],
  ['two of To', invite, ['To: <sip:a@b>', 'To: <sip:c@d>'], /^400 Repeated To/],
  ['an unterminated name in To', invite, ['To: "Mr. J. User <sip:j.user@example.com>'], /^400 Malformed To/],
  ['two lengths', invite, ['Content-Length: 0', 'Content-Length: 5'], /^400 Content-Length/],
  ['a negative length', invite, ['Content-Length: -999'], /^400 Content-Length/],
  ['a length beyond the datagram', invite, ['Content-Length: 9999'], /^400 Content-Length 9999/],
  ['a Contact that is none', invite, ['Contact: <sip:bob@>'], /^400 Malformed Contact/],
  [
    'a header line without a colon',
    invite,
    ['garbage without a colon: -', 'Subject broken'],
    /^400 Malformed header line/,
  ],
  ['a name and value that are no type', invite, ['Content-Type: nonsense'], /^400 Malformed Content-Type/],
  ['a lone line feed in a value', invite, ['Subject: a\nVia: SIP/2.0/UDP evil'], /^400 Malformed header line/],
  ['a zero byte', invite, ['Subject: a\0b'], /^400 Malformed header line/],
];

describe('a request that is refused', () => {
  for (const [name, startLine, changed, expected] of faults) {
    test(`for ${name}`, () => assert.match(faultOf(startLine, ...changed) ?? 'nothing', expected));
  }

  test('needs a type for its body', () => {
    const text = Buffer.concat([lines(invite, ...minimal, 'Content-Length: 3'), Buffer.from('v=0')]);
    assert.match(request(text).fault?.phrase ?? '', /Content-Type/);
  });

  test('is larger than we read', () => {
    const body = Buffer.alloc(50_000, 'x');
    const head = lines(invite, ...minimal, 'Content-Type: text/plain', `Content-Length: ${body.length}`);
    assert.deepEqual(request(Buffer.concat([head, body])).fault, { code: 513, phrase: 'Message Too Large' });
  });

  test('has so many parameters, headers or bytes that nobody is served by it', () => {
    assert.equal(parseMessage(lines(invite, ...minimal, `X: ${'a'.repeat(20_000)}`)).kind, 'unreadable');
    assert.equal(parseMessage(lines(invite, ...minimal, ...Array<string>(300).fill('X: 1'))).kind, 'unreadable');
  });
});

describe('a response', () => {
  const response = (status: string, ...changed: string[]) =>
    parseMessage(lines(status, ...minimal.map((line) => line), ...changed));

  test('is read with its branch and method', () => {
    const parsed = response('SIP/2.0 180 Ringing');
    assert.ok(parsed.kind === 'response');
    assert.deepEqual(
      [parsed.message.statusCode, parsed.message.reasonPhrase, parsed.message.viaBranch, parsed.message.method],
      [180, 'Ringing', 'z9hG4bKa', 'INVITE'],
    );
  });

  test('may have no phrase, or one beyond ASCII', () => {
    assert.equal(response('SIP/2.0 200 ').kind, 'response');
    assert.equal(response('SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять').kind, 'response');
  });

  for (const status of [
    'SIP/2.0 4294967301 better not break',
    'SIP/2.0 99 No',
    'SIP/7.0 200 OK',
    'SIP/2.0 700 No',
    'SIP/2.0 200',
  ]) {
    test(`'${status}' is dropped`, () => assert.equal(response(status).kind, 'unreadable'));
  }

  test('with a CSeq that is none is dropped', () => {
    const broken = minimal.map((line) => line.replace('7 INVITE', 'INVITE'));
    assert.equal(parseMessage(lines('SIP/2.0 200 OK', ...broken)).kind, 'unreadable');
  });
});

describe('what is no SIP', () => {
  for (const text of [
    '',
    '\0\0\0\0',
    'GET / HTTP/1.1\r\n\r\n',
    'INVITE sip:a@b SIP/2.0\r\n\r\n',
    'INVITE sip:a@b SIP/2.0\nVia: x\n\n',
    'x'.repeat(60_000),
  ]) {
    test(`${JSON.stringify(text.slice(0, 30))} is dropped`, () =>
      assert.equal(parseMessage(Buffer.from(text)).kind, 'unreadable'));
  }

  test('a message cut at any byte is read or dropped, and never throws', () => {
    const whole = lines(invite, ...minimal, 'Content-Length: 0');
    for (let end = 0; end < whole.length; end++) assert.ok(parseMessage(whole.subarray(0, end)).kind);
  });

  test('any bytes, also in the midst of a sound message, are read or dropped', () => {
    const sound = lines(invite, ...minimal, 'Route: <sip:a;lr>, <sip:b;lr>', 'Content-Length: 0');
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.nat(sound.length), bytes, fc.nat(20), (at, garbage, cut) => {
        const text = Buffer.concat([sound.subarray(0, at), garbage, sound.subarray(Math.min(sound.length, at + cut))]);
        return parseMessage(text).kind.length > 0;
      }),
      { numRuns: 2_000 },
    );
  });

  test('long runs of what a pattern repeats take no time', () => {
    for (const piece of [' ', ';a', '"', '\\"', '<', 'a.', '%41', ';;', ', ', '[', '\t', '(']) {
      const long = piece.repeat(15_000 / piece.length);
      const started = performance.now();
      for (const name of ['Via', 'From', 'Contact', 'CSeq', 'Content-Type', 'Route']) {
        parseMessage(lines(invite, ...minimal.filter((line) => !line.startsWith(name)), `${name}: ${long}`));
      }
      parseMessage(lines(`INVITE sip:${long}@b SIP/2.0`, ...minimal));
      const took = performance.now() - started;
      assert.ok(took < 500, `${JSON.stringify(piece)} took ${took} ms`);
    }
  });
});
