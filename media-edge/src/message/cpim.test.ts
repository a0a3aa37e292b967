import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeCpim, parseCpim } from './cpim.ts';
import { bytesOf, codings } from './fixtures.ts';

const parse = (...lines: readonly string[]) => parseCpim(bytesOf(...lines), codings);
const head = ['From: <im:a@b.example>', 'To: <im:c@d.example>', 'NS: imdn <urn:ietf:params:imdn>'];

describe('CPIM', () => {
  it('reads names, time, id and wishes', () => {
    const read = parse(
      'From: "Zoë \\"Z\\"" <sip:zoe@example.org>',
      'To: Bob <sip:bob@example.org>',
      'DateTime: 2026-01-02T10:00:00+01:00',
      'NS: imdn <urn:ietf:params:imdn>',
      'imdn.Message-ID: 34jk324j',
      'imdn.Disposition-Notification: positive-delivery, negative-delivery, display',
      '',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Length: 7',
      '',
      'grüße',
    );
    assert.deepEqual(read.from, { uri: 'sip:zoe@example.org', displayName: 'Zoë "Z"' });
    assert.equal(read.to?.displayName, 'Bob');
    assert.equal(read.at, Date.UTC(2026, 0, 2, 9));
    assert.equal(read.id, '34jk324j');
    assert.deepEqual(read.wishes, ['positive-delivery', 'negative-delivery', 'display']);
    assert.equal(codings.decode(read.part.body, 'utf-8'), 'grüße');
  });

  it('knows the name space by its URN, whatever the prefix', () => {
    const read = parse('NS: X <urn:ietf:params:imdn>', 'X.Message-ID: 7', '', 'Content-Type: text/plain', '', 'x');
    assert.equal(read.id, '7');
  });

  it('takes lone LF, folded lines, and a MIME header in front', () => {
    const text = 'Content-Type: message/cpim\n\nFrom: Some\n  Body <sip:a@b.example>\n\nContent-Type: text/plain\n\nhi';
    const read = parseCpim(text, codings);
    assert.equal(read.from?.displayName, 'Some Body');
    assert.equal(read.part.body, 'hi');
  });

  it('refuses lengths that do not fit', () => {
    const withLength = (length: string, body: string) =>
      parse(...head, '', 'Content-Type: text/plain', `Content-Length: ${length}`, '', body);
    assert.equal(withLength('2', 'hi\r\n').part.body, 'hi');
    for (const [length, body] of [
      ['3', 'hi'],
      ['99999999999', 'hi'],
      ['-1', 'hi'],
      ['1', 'hi'],
      ['', 'hi'],
    ] as const)
      assert.throws(() => withLength(length, body), /Content-Length within CPIM does not fit/, length);
  });

  it('refuses what has no end of headers, and required features that it does not know', () => {
    assert.throws(() => parse('From: <im:a@b.example>'), /No empty line/);
    assert.throws(() => parse(...head, ''), /No empty line/);
    assert.throws(() => parse('no header at all', '', 'Content-Type: text/plain', '', 'x'), /Malformed header/);
    assert.throws(() => parse('Require: My.Vital', '', 'Content-Type: text/plain', '', 'x'), /is required/);
    assert.throws(() => parseCpim('From: \xff <sip:a@b.c>\r\n\r\nA: b\r\n\r\nx', codings), /not UTF-8/);
  });

  it('is read again as it was written, whatever names and ids hold', () => {
    const text = encodeCpim({
      from: { uri: 'sip:a@b.example', displayName: 'A "quoted" \\ name\r\nTo: <sip:evil@x>' },
      to: { uri: 'sip:c@d.example' },
      at: 1_767_348_000_123,
      id: 'id\r\nimdn.Evil: 1',
      wishes: ['positive-delivery', 'display'],
      contentType: 'text/plain',
      content: 'Füße\r\n\r\nimdn.Message-ID: 2',
    });
    const read = parseCpim(codings.encode(text), codings);
    assert.equal(read.from?.displayName, 'A "quoted" \\ name\r\nTo: <sip:evil@x>');
    assert.equal(read.to?.uri, 'sip:c@d.example');
    assert.equal(read.at, 1_767_348_000_123);
    assert.equal(read.id, 'id\r\nimdn.Evil: 1');
    assert.deepEqual(read.wishes, ['positive-delivery', 'display']);
    assert.equal(codings.decode(read.part.body, 'utf-8'), 'Füße\r\n\r\nimdn.Message-ID: 2');
  });
});
