import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ByteString } from './byte-string.ts';
import { bytesOf, codings, part } from './fixtures.ts';
import { readBody } from './read-body.ts';
import { UnreadableBody } from './unreadable-body.ts';

const read = (type: string, body: ByteString, encoding?: string) => readBody(part(type, body, encoding), codings);
const text = (content: string, contentType = 'text/plain') => ({ kind: 'message', contentType, content });

describe('the body of a MESSAGE', () => {
  it('is text in the character set that it names, UTF-8 if it names none', () => {
    assert.deepEqual(read('text/plain', codings.encode('Zürich €')), text('Zürich €'));
    assert.deepEqual(read('text/plain;charset="ISO-8859-1"', 'Z\xfcrich'), text('Zürich'));
    assert.deepEqual(read('text/plain; charset=windows-1251', '\xcf\xf0\xe8\xe2\xe5\xf2'), text('Привет'));
    assert.deepEqual(read('text/plain; charset=utf-16le', 'h\0i\0'), text('hi'));
    assert.deepEqual(read('TEXT/HTML', '<b>x</b>'), text('<b>x</b>', 'text/html'));
  });

  it('is refused when it is not what it says', () => {
    assert.throws(() => read('text/plain', 'Z\xfcrich'), /not UTF-8/);
    assert.throws(() => read('text/plain; charset=nonsense', 'x'), /not in its character set/);
    assert.throws(() => read('text/plain', ''), /empty/);
    assert.throws(() => read('text/plain', ' \r\n '), /empty/);
    assert.throws(() => read('text', 'x'), /Malformed Content-Type/);
    assert.throws(() => read('application/sdp', 'v=0'), { code: 415 });
    assert.throws(() => read('text/plain', 'x', 'uuencode'), { code: 415 });
    assert.throws(() => read('text/plain', '<>', 'base64'), /no base64/);
  });

  it('undoes transfer encodings', () => {
    assert.deepEqual(read('text/plain', 'R3LD\r\nvMOfZQ==', 'BASE64'), text('Grüße'));
    assert.deepEqual(read('text/plain', 'Gr=C3=BC=\r\n=C3=9Fe  \r\n1=3D1', 'quoted-printable'), text('Grüße\r\n1=1'));
  });

  it('takes images as base64, whichever way they come', () => {
    assert.deepEqual(read('image/png', '\x89PNG\r\n'), text('iVBORw0K', 'image/png'));
    assert.deepEqual(read('image/png', 'iVBO\r\nRw0K'), text('iVBORw0K', 'image/png'));
  });

  it('is the part of a multipart that can be shown', () => {
    const mixed = bytesOf(
      'preamble',
      '--b1',
      'Content-Type: application/x',
      '',
      '1',
      '--b1',
      '',
      'two',
      '--b1--',
      'rest',
    );
    assert.deepEqual(read('multipart/mixed; boundary=b1', mixed), text('two'));
    const both = bytesOf(
      '--b',
      'Content-Type: text/plain',
      '',
      'plain',
      '--b',
      'Content-Type: text/html',
      '',
      '<i>x</i>',
      '--b--',
    );
    assert.deepEqual(read('multipart/alternative; boundary="b"', both), text('<i>x</i>', 'text/html'));
    assert.throws(() => read('multipart/mixed; boundary=b', '--b\r\n\r\nx'), /does not end/);
    assert.throws(() => read('multipart/mixed', '--b\r\n\r\nx\r\n--b--'), /without a boundary/);
    assert.throws(() => read('multipart/mixed; boundary=b', `${'--b\r\n\r\nx\r\n'.repeat(20)}--b--`), /20 parts/);
    assert.throws(() => read('multipart/mixed; boundary=b', '--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--'), {
      code: 415,
    });
  });

  it('is what is in the envelope, with what that says', () => {
    const cpim = bytesOf('From: <im:a@b.c>', 'imdn.Message-ID: m1', '', 'Content-Type: text/plain', '', 'hi');
    assert.deepEqual(read('message/CPIM', cpim), {
      ...text('hi'),
      envelope: { from: { uri: 'im:a@b.c' }, id: 'm1', wishes: [] },
    });
    const within = bytesOf('From: <im:a@b.c>', '', 'Content-Type: message/cpim', '', '').concat(cpim);
    assert.throws(() => read('message/cpim', within), /CPIM within CPIM/);
  });

  it('is a disposition or a sign of typing by its type, in an envelope or not', () => {
    const imdn =
      '<imdn><message-id>7</message-id><delivery-notification><status><delivered/></status></delivery-notification></imdn>';
    assert.equal(read('message/imdn+xml', imdn).kind, 'disposition');
    const cpim = bytesOf('From: <im:a@b.c>', '', 'Content-Type: message/imdn+xml', '', imdn);
    assert.deepEqual(read('message/cpim', cpim), {
      kind: 'disposition',
      imdn: { messageId: '7', disposition: 'delivered' },
      envelope: { from: { uri: 'im:a@b.c' }, wishes: [] },
    });
    const typing = '<isComposing><state>active</state><refresh>60</refresh></isComposing>';
    assert.deepEqual(read('application/im-iscomposing+xml', typing), {
      kind: 'composing',
      composing: { state: 'active', refreshSec: 60 },
    });
  });

  it('is never anything but read or refused, whatever the bytes', () => {
    const types = [
      'text/plain',
      'message/cpim',
      'multipart/mixed; boundary=b',
      'message/imdn+xml',
      'application/im-iscomposing+xml',
    ];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all).toString('latin1')),
      fc
        .array(
          fc.constantFrom(
            '--b',
            '--',
            '\r\n',
            '\n',
            'Content-Type: text/plain',
            ':',
            '<imdn>',
            '</imdn>',
            '&',
            'NS: imdn <urn:ietf:params:imdn>',
            'x',
            '\xff',
          ),
          { maxLength: 40 },
        )
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), bytes, (type, body) => {
        try {
          return read(type, body).kind !== undefined;
        } catch (error) {
          return error instanceof UnreadableBody;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
