import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visitorAddress } from './visitor.ts';

const front = { secret: 'shared', isEqual: (left: string, right: string) => left === right };
const peer = '192.0.2.1';

for (const [what, headers, address] of [
  ['nothing in front', {}, peer],
  ['an address without the secret', { 'x-sylk-viewer': '203.0.113.9' }, peer],
  ['a wrong secret', { 'x-sylk-front': 'guess', 'x-sylk-viewer': '203.0.113.9' }, peer],
  ['our front', { 'x-sylk-front': 'shared', 'x-sylk-viewer': '198.51.100.7' }, '198.51.100.7'],
  ['our front and IPv6', { 'x-sylk-front': 'shared', 'x-sylk-viewer': '2001:db8::7' }, '2001:db8::7'],
  ['our front that says nothing', { 'x-sylk-front': 'shared' }, peer],
] as const) {
  test(`with ${what} the visitor is ${address}`, () => {
    assert.equal(visitorAddress(headers, peer, front), address);
  });
}

test('where no front is set, nobody is believed', () => {
  const headers = { 'x-sylk-front': '', 'x-sylk-viewer': '203.0.113.9' };
  assert.equal(visitorAddress(headers, peer, undefined), peer);
});
