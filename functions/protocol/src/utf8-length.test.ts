import { test } from 'node:test';
import fc from 'fast-check';
import { utf8Length } from './utf8-length.ts';

test('any text has the length that the platform gives it', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
  );
  fc.assert(fc.property(text, (value) => utf8Length(value) === Buffer.byteLength(value)));
});
