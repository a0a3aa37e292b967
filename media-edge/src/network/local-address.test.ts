import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../main/system-clock.ts';
import { localAddresses } from './local-address.ts';

const here = localAddresses({ clock: systemClock, isNear: () => true });

test('loopback is reached from loopback', async () => {
  assert.equal(await here.towards('127.0.0.5'), '127.0.0.1');
});

test('a peer that is no address has no route', async () => {
  await assert.rejects(here.towards('::zz'), /no route to ::zz/);
});

test('the public address is told to far peers of its IP version only', () => {
  const nat = localAddresses({
    clock: systemClock,
    publicAddress: '198.51.100.1',
    isNear: (peer) => peer.startsWith('10.'),
  });
  assert.equal(nat.announced('10.0.0.2', '8.8.8.8'), '198.51.100.1');
  assert.equal(nat.announced('10.0.0.2', '10.0.0.9'), '10.0.0.2');
  assert.equal(nat.announced('fd00::2', '2a00::1'), 'fd00::2');
});

test('without a public address the local one is told', () => {
  const plain = localAddresses({ clock: systemClock, isNear: () => false });
  assert.equal(plain.announced('10.0.0.2', '8.8.8.8'), '10.0.0.2');
});
