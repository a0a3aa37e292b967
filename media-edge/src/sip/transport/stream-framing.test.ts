import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FramingError, StreamFraming } from './stream-framing.ts';

const first = 'OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 5\r\nX: 1\r\n\r\nhello';
const second = 'SIP/2.0 200 OK\r\nl : 0\r\n\r\n';
const third = 'BYE sip:a@b SIP/2.0\r\nVia: x\r\n\r\n';
const stream = Buffer.from(`\r\n${first}\r\n\r\n${second}${third}\r\n\r\n`);

const framesOf = (pieces: readonly Buffer[]): string[] => {
  const framing = new StreamFraming();
  return pieces
    .flatMap((piece) => framing.push(piece))
    .map((frame) => (frame.kind === 'ping' ? 'ping' : frame.bytes.toString()));
};

const expected = [first, 'ping', second, third, 'ping'];

test('a stream is cut into messages and keep-alives', () => assert.deepEqual(framesOf([stream]), expected));

test('also when it comes byte by byte', () => {
  assert.deepEqual(framesOf([...stream].map((byte) => Buffer.from([byte]))), expected);
});

test('also when it is split in two at any byte', () => {
  for (let at = 0; at <= stream.length; at++) {
    assert.deepEqual(framesOf([stream.subarray(0, at), stream.subarray(at)]), expected, `split at ${at}`);
  }
});

test('also in any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const pieces = edges.slice(1).map((end, index) => stream.subarray(edges[index], end));
      assert.deepEqual(framesOf(pieces), expected);
    }),
  );
});

test('many small pieces of a large message are copied a few times at most', (context) => {
  const body = 'x'.repeat(48_000);
  const bytes = Buffer.from(`${first.slice(0, 25)}Content-Length: ${body.length}\r\n\r\n${body}`);
  let copied = 0;
  const { copy } = Buffer.prototype;
  context.mock.method(Buffer.prototype, 'copy', function (this: Buffer, ...to: Parameters<Buffer['copy']>) {
    copied += this.length;
    return copy.apply(this, to);
  });
  const concat = context.mock.method(Buffer, 'concat');
  assert.deepEqual(framesOf([...bytes].map((byte) => Buffer.from([byte]))), [bytes.toString()]);
  assert.ok(copied < 6 * bytes.length, `${copied} bytes copied for ${bytes.length}`);
  assert.equal(concat.mock.callCount(), 0);
});

test('frames stay as they are while the stream goes on', () => {
  const framing = new StreamFraming();
  framing.push(Buffer.from(second.slice(0, 5)));
  const [frame] = framing.push(Buffer.from(second.slice(5)));
  for (const byte of Buffer.from(first)) framing.push(Buffer.from([byte]));
  assert.equal(frame?.kind === 'message' && frame.bytes.toString(), second);
});

const broken: [string, string][] = [
  ['two lengths that differ', 'A b SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n'],
  ['a length that is no number', 'A b SIP/2.0\r\nContent-Length: x\r\n\r\n'],
  ['a negative length', 'A b SIP/2.0\r\nContent-Length: -1\r\n\r\n'],
  ['a body beyond reason', 'A b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n'],
  ['a head without an end', 'x'.repeat(20_000)],
];
for (const [name, text] of broken) {
  test(`${name} ends the stream`, () => assert.throws(() => framesOf([Buffer.from(text)]), FramingError));
}

test('the same length twice is one', () => {
  const text = 'A b SIP/2.0\r\nContent-Length: 1\r\nl: 1\r\n\r\nx';
  assert.deepEqual(framesOf([Buffer.from(text)]), [text]);
});
