import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxShownChars } from './limits.ts';
import { showValue } from './python-literal.ts';

// The right column is what `repr(json.loads(left))` gives in Python 3.
for (const [json, literal] of [
  ['null', 'None'],
  ['true', 'True'],
  ['false', 'False'],
  ['0', '0'],
  ['-17', '-17'],
  ['1.5', '1.5'],
  ['0.0001', '0.0001'],
  ['0.00001', '1e-05'],
  ['-1.25e-7', '-1.25e-07'],
  ['123456789.25', '123456789.25'],
  ['1e300', '1e+300'],
  ['1.5e21', '1.5e+21'],
  ['1e999', 'inf'],
  ['-1e999', '-inf'],
  ['""', "''"],
  ['"text"', "'text'"],
  ['"it\'s"', '"it\'s"'],
  ['"say \\"hi\\""', '\'say "hi"\''],
  ['"it\'s \\"it\\""', "'it\\'s \"it\"'"],
  ['"a\\\\b"', "'a\\\\b'"],
  ['"\\n\\r\\t"', "'\\n\\r\\t'"],
  ['"\\u0000\\u001f\\u007f"', "'\\x00\\x1f\\x7f'"],
  ['"\\u00a0\\u00ad"', "'\\xa0\\xad'"],
  ['"é漢😀"', "'é漢😀'"],
  ['"\\u200b\\u2028"', "'\\u200b\\u2028'"],
  ['"\\ud800"', "'\\ud800'"],
  ['"\\udb40\\udc01"', "'\\U000e0001'"],
  ['[]', '[]'],
  ['[1,"a",[null]]', "[1, 'a', [None]]"],
  ['{}', '{}'],
  ['{"a":{"b":true},"c\'":0}', "{'a': {'b': True}, \"c'\": 0}"],
] as const) {
  test(`${json} is shown as ${literal}`, () => assert.equal(showValue(JSON.parse(json)), literal));
}

test('what is long is cut', () => {
  assert.equal(showValue('x'.repeat(maxShownChars * 2)), `'${'x'.repeat(maxShownChars - 1)}...`);
});
