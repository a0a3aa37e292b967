import assert from 'node:assert/strict';
import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import type { PhoneBinding } from '../../../functions/src/ports/phones.ts';
import { countOf, type Facts, facts, type OpenStore, presentAndGone } from './harness.ts';
import { account, alice, bob, edge, later, now } from './samples.ts';

const place = (change: Partial<PhonePlace> = {}): PhonePlace => ({
  key: 'desk',
  contact: 'sip:alice@192.0.2.9:5060',
  q: 1000,
  path: ['<sip:token@198.51.100.1:5060;lr>'],
  ...change,
});

const binding = (change: Partial<PhoneBinding> = {}): PhoneBinding => ({
  aor: alice,
  place: place(),
  edge,
  callId: 'c1',
  cseq: 1,
  claimant: 'r1',
  registeredAt: now,
  expiresAt: later,
  ...change,
});

const origin = (callId: string, cseq: number) => ({ callId, cseq, claimant: 'r9' });

const phonesFacts: Facts = {
  'contacts are listed by q, then first registered first': async ({ store: { phones } }) => {
    const low = binding({ place: place({ key: 'low', q: 200, instance: '<urn:uuid:1>', regId: 1 }) });
    const second = binding({ place: place({ key: 'second' }), registeredAt: now + 1 });
    for (const one of [low, second, binding()]) assert.ok(await phones.bind(one, now));
    assert.deepEqual(await phones.of(alice, now), [binding(), second, low]);
    assert.deepEqual(await phones.of(bob, now), []);
  },
  'they are found with their account, and are no devices': async ({ store: { phones, accounts, devices } }) => {
    await accounts.create(account());
    await phones.bind(binding(), now);
    const found = await accounts.findWithDevices(alice, now);
    assert.deepEqual(found, { account: account(), devices: [], phones: [binding()] });
    assert.deepEqual(await devices.of(alice, now), []);
  },
  'a later request of the same call changes a contact, an earlier or equal one does not': async ({
    store: { phones },
  }) => {
    await phones.bind(binding({ cseq: 5 }), now);
    assert.equal(await phones.bind(binding({ cseq: 4, claimant: 'r2' }), now), false);
    assert.equal(await phones.bind(binding({ cseq: 5, claimant: 'r2' }), now), false);
    assert.equal(await phones.unbind(alice, 'desk', origin('c1', 5), now), false);
    assert.equal(await phones.bind(binding({ cseq: 6, claimant: 'r2' }), now), true);
    assert.deepEqual(await phones.of(alice, now), [binding({ cseq: 6, claimant: 'r2' })]);
  },
  'a request of another call changes a contact whatever its number': async ({ store: { phones } }) => {
    await phones.bind(binding({ cseq: 5 }), now);
    assert.equal(await phones.bind(binding({ callId: 'c2', claimant: 'r2' }), now), true);
    assert.equal(await phones.unbind(alice, 'desk', origin('c3', 1), now), true);
    assert.deepEqual(await phones.of(alice, now), []);
  },
  'a repeated request finds what it has done': async ({ store: { phones } }) => {
    assert.equal(await phones.bind(binding(), now), true);
    assert.equal(await phones.bind(binding(), now), true);
    assert.equal(await phones.unbind(alice, 'desk', origin('c1', 2), now), true);
    assert.equal(await phones.unbind(alice, 'desk', origin('c1', 2), now), true);
  },
  'of requests with the same number exactly one counts': async ({ store: { phones } }) => {
    const tries = ['r1', 'r2', 'r3'].map((claimant) => () => phones.bind(binding({ claimant }), now));
    assert.equal(await countOf(true, tries), 1);
  },
  'an expired contact is absent, and in nobody’s way': async (under) => {
    const { phones } = under.store;
    await phones.bind(binding({ cseq: 5 }), now);
    await presentAndGone(under, later, async () => {
      assert.deepEqual(await phones.of(alice, later), []);
    });
    assert.equal(await phones.bind(binding({ cseq: 1, claimant: 'r2', expiresAt: later + 1 }), later), true);
  },
  'an account may dial numbers only while it is allowed to': async ({ store: { accounts } }) => {
    await accounts.create(account());
    assert.equal(await accounts.setMayDial(alice, true), true);
    assert.deepEqual(await accounts.find(alice), account({ mayDial: true }));
    assert.equal(await accounts.setMayDial(alice, false), true);
    assert.deepEqual(await accounts.find(alice), account());
    assert.equal(await accounts.setMayDial(bob, true), false);
  },
};

export const phonesContract = (open: OpenStore) => facts('phones', open, phonesFacts);
