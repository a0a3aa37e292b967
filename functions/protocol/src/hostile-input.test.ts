/** Whatever arrives, the codecs give an answer of their own kind; the runs print their seed when one fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exampleNames, readExample } from '../examples/read-example.ts';
import { decodeRequest, decodeServerMessage, encode } from './codec.ts';
import { decodeFromEdge, decodeToEdge } from './edge/codec.ts';
import { ProtocolError } from './protocol-error.ts';
import { toAor } from './sip-address.ts';
import { parseServerMessage } from './sylkrtc/parse-server-message.ts';

const names = exampleNames('requests');
const compact = (text: string): string => JSON.stringify(JSON.parse(text));
const texts = {
  request: names.map((name) => compact(readExample('requests', name))),
  event: exampleNames('events').map((name) => compact(readExample('events', name))),
  toEdge: exampleNames('edge/to-edge').map((name) => compact(readExample('edge/to-edge', name))),
  fromEdge: exampleNames('edge/from-edge').map((name) => compact(readExample('edge/from-edge', name))),
};

const decodesOrRefuses = (decode: (text: string) => unknown, text: string): boolean => {
  try {
    decode(text);
    return true;
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    return false;
  }
};

const decoders = [decodeServerMessage, decodeToEdge, decodeFromEdge, parseServerMessage];

const assertSurvived = (text: string): void => {
  const decoded = decodeRequest(text);
  if (decoded.kind === 'invalid') assert.ok(decoded.error.length < 2048, decoded.error);
  for (const decode of decoders) decodesOrRefuses(decode, text);
};

/** Values that readers stumble over, at any place of a JSON tree. */
const strangeValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(null, true, -0, 1e308, 1e21, -1e-9, 2 ** 53, '', '\u0000', '\ud800', "it's", '"', 'a\r\nb'),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string().map((text) => 'x'.repeat(5000) + text),
);

const strangeKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  '',
  'sylkrtc',
  'kind',
);

test('any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), assertSurvived));
});

test('any JSON', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), assertSurvived));
});

test('any value in any field of any message', () => {
  const all = [...texts.request, ...texts.event, ...texts.toEdge, ...texts.fromEdge];
  const change = fc.constantFrom(...all).chain((text) => {
    const message = JSON.parse(text);
    const key = fc.oneof(fc.constantFrom(...Object.keys(message)), strangeKey);
    return fc.tuple(fc.constant(message), key, strangeValue);
  });
  fc.assert(
    fc.property(change, ([message, key, value]) => {
      const entries = [...Object.entries(message).filter(([name]) => name !== key), [key, value]];
      assertSurvived(`{${entries.map(([name, item]) => `${JSON.stringify(name)}:${JSON.stringify(item)}`).join(',')}}`);
    }),
    { numRuns: 1000 },
  );
});

test('every prefix of every message is refused', () => {
  for (const text of [...texts.request, ...texts.event, ...texts.toEdge, ...texts.fromEdge]) {
    for (let length = 0; length < text.length; length += 1) {
      const prefix = text.slice(0, length);
      assert.deepEqual(decodeRequest(prefix), { kind: 'ignored', why: 'not-json' });
      // The other decoders read JSON by the same function; a few prefixes show that they report it.
      if (length % 97 === 0)
        for (const decode of [decodeServerMessage, decodeToEdge, decodeFromEdge]) {
          assert.equal(decodesOrRefuses(decode, prefix), false);
        }
    }
  }
});

test('any byte of a message changed', () => {
  const change = fc.tuple(fc.constantFrom(...texts.request, ...texts.toEdge), fc.nat(), fc.string({ maxLength: 1 }));
  fc.assert(
    fc.property(change, ([text, place, char]) => {
      const index = place % text.length;
      assertSurvived(text.slice(0, index) + char + text.slice(index + 1));
    }),
    { numRuns: 1000 },
  );
});

test('huge numbers are refused, not rounded', () => {
  for (const number of ['1e999', '-1e999', '9007199254740993', '1e308', '123456789012345678901234567890']) {
    const text = `{"sylkrtc":"session-ack","transaction":"t","session":"s","seq":${number}}`;
    assert.match(JSON.stringify(decodeRequest(text)), /^\{"kind":"invalid".*Invalid value for 'seq' property: -?[\di]/);
  }
});

test('a request that was decoded is encoded to what decodes alike', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts.request), strangeValue, (text, value) => {
      const decoded = decodeRequest(JSON.stringify({ ...JSON.parse(text), content: value, display_name: value }));
      if (decoded.kind === 'request') assert.deepEqual(decodeRequest(encode(decoded.request)), decoded);
    }),
  );
});

test('any text has an account id, and the id is its own id', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => toAor(toAor(text)) === toAor(text)));
});
