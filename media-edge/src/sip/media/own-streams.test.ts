import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnStreams } from './own-streams.ts';

const here = '192.0.2.1';
const make = () =>
  new OwnStreams({
    isOwn: (address) => address === here,
    sipPort: 5060,
    browserPorts: { first: 40_000, last: 40_001 },
  });
const stream = (port: number, isDialled = false, remotePort?: number) => ({
  port,
  isDialled,
  remote: remotePort === undefined ? undefined : { address: here, port: remotePort },
});
const at = (port: number, address = here) => ({ address, port });

test('nobody has us send to our SIP port, to the port of the browsers, or to that of another leg', () => {
  const streams = make();
  streams.add(stream(40_002));
  for (const port of [5060, 40_000, 40_002, 40_003])
    assert.match(streams.refusal(at(port), stream(40_004)) ?? '', /of this gateway itself/);
  assert.match(streams.refusal(at(40_002, `::ffff:${here}`)) ?? '', /of this gateway itself/);
});

test('a leg does not send to itself', () => {
  const streams = make();
  const own = stream(40_004, true);
  streams.add(own);
  assert.notEqual(streams.refusal(at(40_004), own), undefined);
});

test('other programs on this machine, and the same port elsewhere, may have media', () => {
  const streams = make();
  const gone = stream(40_002);
  streams.add(gone);
  assert.equal(streams.refusal(at(40_006)), undefined);
  assert.equal(streams.refusal(at(40_002, '198.51.100.7')), undefined);
  streams.remove(gone);
  assert.equal(streams.refusal(at(40_002)), undefined);
});

test('a call of ours that comes back to us joins its two legs', () => {
  const streams = make();
  streams.add(stream(40_002, true));
  assert.equal(streams.refusal(at(40_002)), undefined, 'its offer, before there is a leg for it');
  streams.add(stream(40_004, false, 40_002));
  assert.equal(streams.refusal(at(40_004), stream(40_002, true)), undefined, 'the answer to it');
});

test('two calls from outside are not joined to each other', () => {
  const streams = make();
  const one = stream(40_002, false, 15_000);
  const other = stream(40_004, false, 15_002);
  streams.add(one);
  streams.add(other);
  assert.notEqual(streams.refusal(at(40_004), one), undefined);
  assert.notEqual(streams.refusal(at(40_002), other), undefined);
});
