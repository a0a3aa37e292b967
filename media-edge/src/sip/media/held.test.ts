import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Direction } from '../../call/media.ts';
import { afterAnswer, afterOffer, flowing, nobodyHeld, offeredDirection, wantedDirection } from './held.ts';

const offers: [string, boolean, boolean, Direction][] = [
  ['nobody holds', false, false, 'sendrecv'],
  ['we hold', true, false, 'sendonly'],
  ['the peer holds', false, true, 'sendrecv'],
  ['both hold', true, true, 'inactive'],
];
for (const [name, byUs, byPeer, direction] of offers) {
  test(`${name}: we offer ${direction}`, () => assert.equal(offeredDirection({ byUs, byPeer }), direction));
}

for (const [offer, byPeer] of [
  ['sendonly', true],
  ['inactive', true],
  ['sendrecv', false],
  ['recvonly', false],
] as const) {
  test(`an offer of ${offer} ${byPeer ? 'holds us' : 'resumes'}`, () => {
    assert.equal(afterOffer({ byUs: false, byPeer: !byPeer }, offer).byPeer, byPeer);
  });
}

test('an answer tells of hold only where we offered to receive', () => {
  assert.equal(afterAnswer(nobodyHeld, 'sendrecv', 'sendonly').byPeer, true);
  assert.equal(afterAnswer(nobodyHeld, 'sendrecv', 'recvonly').byPeer, false);
  assert.equal(afterAnswer({ byUs: true, byPeer: false }, 'sendonly', 'inactive').byPeer, false);
  assert.equal(afterAnswer({ byUs: true, byPeer: true }, 'inactive', 'inactive').byPeer, true);
});

const flows: [Direction, Direction, Direction][] = [
  ['sendrecv', 'sendrecv', 'sendrecv'],
  ['sendrecv', 'sendonly', 'recvonly'],
  ['sendonly', 'recvonly', 'sendonly'],
  ['sendonly', 'inactive', 'inactive'],
  ['sendonly', 'sendonly', 'inactive'],
];
for (const [ours, theirs, flow] of flows) {
  test(`we said ${ours}, they ${theirs}: ${flow}`, () => assert.equal(flowing(ours, theirs), flow));
}

test('while we hold, an offer of the peer does not resume', () => {
  assert.equal(wantedDirection({ byUs: true, byPeer: false }), 'sendonly');
});
