import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVia, stampVia } from './via.ts';

const source = { address: '198.51.100.7', port: 4711 };

const stamped = (raw: string) => {
  const via = parseVia(raw);
  return via === undefined ? assert.fail('unreadable') : stampVia(raw, via, source);
};

const rows: [string, string][] = [
  ['SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa', 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa;received=198.51.100.7'],
  ['SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKa', 'SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKa'],
  [
    'SIP/2.0/UDP 198.51.100.7;rport;branch=z9hG4bKa',
    'SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKa;received=198.51.100.7;rport=4711',
  ],
  [
    'SIP/2.0/TCP h.example;branch=z9hG4bKa;RPORT',
    'SIP/2.0/TCP h.example;branch=z9hG4bKa;received=198.51.100.7;rport=4711',
  ],
  [
    'SIP/2.0/UDP h;received=203.0.113.9;rport=1;branch=z9hG4bKa',
    'SIP/2.0/UDP h;branch=z9hG4bKa;received=198.51.100.7;rport=4711',
  ],
  [
    'SIP/2.0/UDP h;branch=z9hG4bKa;x=";rport=1;";received=";"',
    'SIP/2.0/UDP h;branch=z9hG4bKa;x=";rport=1;";received=198.51.100.7',
  ],
];
for (const [raw, result] of rows) test(`${raw} is stamped`, () => assert.equal(stamped(raw), result));

for (const raw of [
  '',
  'SIP/2.0/UDP',
  'SIP/x/UDP h',
  'HTTP/2.0/UDP h',
  'SIP/2.0/UDP h:0',
  'SIP/2.0/UDP h:99999',
  'SIP/2.0/UDP h;branch=a;branch=b',
  'SIP/2.0/UDP h;branch="x',
  'SIP/2.0/UDP h h',
]) {
  test(`'${raw}' is no Via`, () => assert.equal(parseVia(raw), undefined));
}

test('an IPv6 sent-by is read with its brackets', () => {
  assert.deepEqual(parseVia('SIP / 2.0 / TCP [2001:db8::1]:5061 ;branch=x'), {
    version: '2.0',
    transport: 'TCP',
    host: '[2001:db8::1]',
    port: 5061,
    parameters: { branch: 'x' },
  });
});
