import assert from 'node:assert/strict';
import { edgeId } from '@sylk/protocol/ids.ts';
import type { Registration } from '../../../functions/src/ports/registrations.ts';
import { countOf, type Facts, facts, type OpenStore } from './harness.ts';
import { alice, bob, edge } from './samples.ts';

const registration = (change: Partial<Registration> = {}): Registration => ({
  aor: alice,
  owner: { edge, generation: 5 },
  contact: `u${'0'.repeat(32)}`,
  credentials: 'the name of a password',
  secret: 'sealed',
  state: 'registering',
  version: 1,
  claimant: 'c1',
  ...change,
});

const second = registration({ version: 2, claimant: 'c2', state: 'registered' });

const registrationsFacts: Facts = {
  'the first one is stored once, and its claimant finds itself again': async ({ store: { registrations } }) => {
    assert.equal(await registrations.put(registration()), true);
    assert.equal(await registrations.put(registration()), true);
    assert.equal(await registrations.put(registration({ claimant: 'c9' })), false);
    assert.deepEqual(await registrations.find(alice), registration());
    assert.equal(await registrations.find(bob), undefined);
  },
  'of all who change the same version one wins': async ({ store: { registrations } }) => {
    await registrations.put(registration());
    const tries = ['c2', 'c3', 'c4'].map((claimant) => () => registrations.put({ ...second, claimant }));
    assert.equal(await countOf(true, tries), 1);
  },
  'a change of an older version is not stored': async ({ store: { registrations } }) => {
    await registrations.put(registration());
    await registrations.put(second);
    assert.equal(await registrations.put(registration({ version: 2, claimant: 'late' })), false);
    assert.deepEqual(await registrations.find(alice), second);
  },
  'only what has the version is removed': async ({ store: { registrations } }) => {
    await registrations.put(registration());
    await registrations.put(second);
    await registrations.remove(alice, 1);
    assert.deepEqual(await registrations.find(alice), second);
    await registrations.remove(alice, 2);
    await registrations.remove(alice, 2);
    assert.equal(await registrations.find(alice), undefined);
  },
  'those of an edge are found by generation, and follow their owner': async ({ store: { registrations }, settle }) => {
    await registrations.put(registration());
    await registrations.put(registration({ aor: bob, owner: { edge, generation: 6 } }));
    await settle();
    assert.deepEqual(await registrations.ofEdgeBefore(edge, 6, 10), [registration()]);
    assert.equal((await registrations.ofEdgeBefore(edge, 7, 10)).length, 2);
    const moved = { ...second, owner: { edge: edgeId('edge-b'), generation: 1 } };
    await registrations.put(moved);
    await settle();
    assert.deepEqual(await registrations.ofEdgeBefore(edge, 6, 10), []);
    assert.deepEqual(await registrations.ofEdgeBefore(edgeId('edge-b'), 2, 10), [moved]);
  },
};

export const registrationsContract = (open: OpenStore) => facts('registrations', open, registrationsFacts);
