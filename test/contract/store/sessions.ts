import assert from 'node:assert/strict';
import { deviceId, edgeId, sessionId } from '@sylk/protocol/ids.ts';
import type { SessionRecord } from '../../../functions/src/ports/sessions.ts';
import { countOf, type Facts, facts, type OpenStore, presentAndGone } from './harness.ts';
import { alice, attachment, bob, edge, key, laptop, later, now, phone, session } from './samples.ts';

const atPhone = (change: Partial<SessionRecord> = {}): SessionRecord =>
  session({
    key: { ...key, device: deviceId('phone') },
    attachment: attachment({ connection: phone, device: deviceId('phone') }),
    ...change,
  });

const sessionsFacts: Facts = {
  'a claim is found': async ({ store: { sessions } }) => {
    assert.deepEqual(await sessions.claim(session(), now), { status: 'own', record: session() });
    assert.deepEqual(await sessions.find(key, now), session());
    assert.equal(await sessions.find({ ...key, aor: bob }, now), undefined);
  },
  'a claimant finds its own claim as it stands; another finds it taken': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    const elsewhere = { edge: edgeId('edge-b'), generation: 9 };
    assert.deepEqual(await sessions.claim(session({ owner: elsewhere }), now), { status: 'own', record: session() });
    const other = await sessions.claim(session({ claimant: 't2' }), now);
    assert.deepEqual(other, { status: 'taken', record: session() });
  },
  'of several claims at once exactly one wins': async ({ store: { sessions } }) => {
    const tries = ['t1', 't2', 't3'].map(
      (claimant) => async () => (await sessions.claim(session({ claimant }), now)).status,
    );
    assert.equal(await countOf('own', tries), 1);
  },
  'an expired one is absent and may be claimed anew': async (under) => {
    const { sessions } = under.store;
    await sessions.claim(session(), now);
    await presentAndGone(under, later, async () => {
      assert.equal(await sessions.find(key, later), undefined);
      assert.deepEqual(await sessions.ofCall(alice, key.session, later), []);
      assert.deepEqual(await sessions.ringing(alice, later), []);
    });
    await sessions.claim(session(), now);
    const anew = session({ claimant: 't2', expiresAt: later + 1000 });
    assert.deepEqual(await sessions.claim(anew, later), { status: 'own', record: anew });
  },
  'a device has an id once, whatever its account': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    const bobs = session({ key: { ...key, aor: bob }, attachment: attachment({ aor: bob }) });
    assert.deepEqual(await sessions.claim(bobs, now), { status: 'taken', record: session() });
    assert.equal(await sessions.find(bobs.key, now), undefined);
    assert.equal(await sessions.hold(bobs.key, 'dd', later), false);
    assert.equal(await sessions.attach(bobs.key, attachment({ epoch: 2 })), false);
    assert.equal(await sessions.end(bobs.key, later), undefined);
    assert.deepEqual(await sessions.find(key, now), session());
    await sessions.end(key, later);
    assert.deepEqual(await sessions.claim(bobs, now), { status: 'own', record: bobs });
  },
  'the connection that is attached speaks for it, and no other': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    assert.deepEqual(await sessions.spokenForBy(laptop, key.session, now), session());
    assert.equal(await sessions.spokenForBy(phone, key.session, now), undefined);
    assert.equal(await sessions.spokenForBy(laptop, sessionId('s2'), now), undefined);
    await sessions.attach(key, attachment({ connection: phone, epoch: 2 }));
    assert.equal(await sessions.spokenForBy(laptop, key.session, now), undefined);
    assert.deepEqual((await sessions.spokenForBy(phone, key.session, now))?.key, key);
    assert.equal(await sessions.spokenForBy(phone, key.session, later), undefined);
    await sessions.end(key, later);
    assert.equal(await sessions.spokenForBy(phone, key.session, now), undefined);
  },
  'all for which a connection speaks': async ({ store: { sessions }, settle }) => {
    const bobs = session({ key: { ...key, aor: bob, session: sessionId('s2') }, attachment: attachment({ aor: bob }) });
    for (const one of [session(), bobs, atPhone()]) await sessions.claim(one, now);
    await settle();
    const found = await sessions.ofConnection(laptop, [alice, bob], now);
    assert.deepEqual(found.map(({ key }) => key.session).toSorted(), ['s1', 's2']);
    assert.deepEqual(await sessions.ofConnection(laptop, [bob], now), [bobs]);
    assert.deepEqual(await sessions.ofConnection(laptop, [], now), []);
    assert.deepEqual(await sessions.ofConnection(laptop, [alice, bob], later), []);
  },
  'a barred id is not claimed, and no session for its readers': async (under) => {
    const { sessions } = under.store;
    assert.equal(await sessions.bar(key, later, now), true);
    assert.equal(await sessions.bar(key, later, now), true);
    assert.deepEqual(await sessions.claim(session(), now), { status: 'over' });
    assert.equal(await sessions.find(key, now), undefined);
    assert.equal(await sessions.spokenForBy(laptop, key.session, now), undefined);
    assert.equal(await sessions.end(key, later), undefined);
    assert.deepEqual(await sessions.lostOf(alice, key.session, now), []);
    await presentAndGone(under, later, async () => {
      const anew = session({ expiresAt: later + 1 });
      assert.deepEqual(await sessions.claim(anew, later), { status: 'own', record: anew });
      await sessions.end(key, later);
    });
  },
  'one that is there is not barred, one that is over need not be': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    assert.equal(await sessions.bar(key, later, now), false);
    assert.deepEqual(await sessions.find(key, now), session());
    await sessions.end(key, later, { isLost: true });
    assert.equal(await sessions.bar(key, later, now), true);
    assert.equal((await sessions.lostOf(alice, key.session, now)).length, 1);
  },
  'an attachment one epoch above the stored one takes over': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    const next = attachment({ connection: phone, epoch: 2 });
    assert.equal(await sessions.attach(key, attachment({ connection: phone, epoch: 3 })), false);
    assert.equal(await sessions.attach(key, next), true);
    assert.deepEqual((await sessions.find(key, now))?.attachment, next);
  },
  'a repeated attachment finds its own, a slower one loses': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    await sessions.attach(key, attachment({ connection: phone, epoch: 2 }));
    assert.equal(await sessions.attach(key, attachment({ connection: phone, epoch: 2 })), true);
    assert.equal(await sessions.attach(key, attachment({ epoch: 2 })), false);
  },
  'of two attachments at once exactly one wins': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    const tries = ['a', 'b', 'c'].map((name) => () => sessions.attach(key, attachment({ account: name, epoch: 2 })));
    assert.equal(await countOf(true, tries), 1);
  },
  'a device that answered holds it': async ({ store: { sessions }, settle }) => {
    await sessions.claim(session({ state: 'ringing', secretHash: undefined, expiresAt: now + 1 }), now);
    await settle();
    assert.equal((await sessions.ringing(alice, now)).length, 1);
    assert.equal(await sessions.hold(key, 'dd', later), true);
    assert.equal(await sessions.hold(key, 'dd', later), true);
    assert.deepEqual(await sessions.find(key, now + 2), session({ secretHash: 'dd' }));
    await settle();
    assert.deepEqual(await sessions.ringing(alice, now), []);
  },
  'nothing changes a session that is not there': async ({ store: { sessions } }) => {
    assert.equal(await sessions.hold(key, undefined, later), false);
    assert.equal(await sessions.attach(key, attachment({ epoch: 2 })), false);
    assert.equal(await sessions.find(key, now), undefined);
  },
  'one caller alone ends it': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    const ends = await Promise.all([1, 2, 3].map(() => sessions.end(key, later)));
    assert.equal(ends.filter((end) => end?.isFirst).length, 1);
    assert.deepEqual(
      ends.map((end) => end?.record.key),
      [key, key, key],
    );
    assert.equal(await sessions.end({ ...key, aor: bob }, later), undefined);
  },
  'an ended one is absent for every reader and changed by nobody': async ({ store: { sessions }, settle }) => {
    await sessions.claim(session({ state: 'ringing' }), now);
    await sessions.end(key, later);
    await settle();
    assert.equal(await sessions.find(key, now), undefined);
    assert.deepEqual(await sessions.ofCall(alice, key.session, now), []);
    assert.deepEqual(await sessions.ringing(alice, now), []);
    assert.deepEqual(await sessions.ofEdgeBefore(edge, 6, 10), []);
    assert.equal(await sessions.hold(key, 'dd', later), false);
    assert.equal(await sessions.attach(key, attachment({ epoch: 2 })), false);
  },
  'who does not own it does not end it': async ({ store: { sessions } }) => {
    const owner = { edge, generation: 5 };
    await sessions.claim(session({ owner }), now);
    assert.equal(await sessions.end(key, later, { owner: { edge, generation: 4 } }), undefined);
    assert.equal(await sessions.end(key, later, { owner: { ...owner, edge: edgeId('edge-b') } }), undefined);
    assert.deepEqual(await sessions.find(key, now), session({ owner }));
    const ends = await Promise.all([1, 2].map(() => sessions.end(key, later, { owner })));
    assert.equal(ends.filter((end) => end?.isFirst).length, 1);
    assert.equal(await sessions.find(key, now), undefined);
  },
  'one that ended with its edge is remembered as such, until its id is used again': async (under) => {
    const { sessions } = under.store;
    await sessions.claim(session(), now);
    assert.deepEqual(await sessions.lostOf(alice, key.session, now), []);
    await sessions.end(key, later, { isLost: true });
    assert.equal((await sessions.end(key, later))?.isFirst, false);
    const [lost, ...more] = await sessions.lostOf(alice, key.session, now);
    assert.deepEqual([lost?.key, lost?.secretHash, more], [key, session().secretHash, []]);
    assert.deepEqual(await sessions.lostOf(bob, key.session, now), []);
    assert.deepEqual(await sessions.ofCall(alice, key.session, now), []);
    await presentAndGone(under, later, async () => {
      assert.deepEqual(await sessions.lostOf(alice, key.session, later), []);
      await sessions.claim(session({ claimant: 't2', expiresAt: later + 1000 }), later);
      await sessions.end(key, later + 1000);
      assert.deepEqual(await sessions.lostOf(alice, key.session, later), []);
    });
  },
  'a late repetition finds its session over; another claimant may use the id again': async (under) => {
    const { sessions } = under.store;
    await sessions.claim(session(), now);
    await sessions.end(key, later);
    assert.deepEqual(await sessions.claim(session(), now), { status: 'over' });
    const other = session({ claimant: 't2', expiresAt: later + 1000 });
    assert.deepEqual(await sessions.claim(other, now), { status: 'own', record: other });
    await sessions.end(key, later);
    await presentAndGone(under, later, async () => {
      assert.equal((await sessions.claim(other, later)).status, 'own');
      await sessions.end(key, later);
    });
  },
  'the records of one call at all devices': async ({ store: { sessions } }) => {
    await sessions.claim(session(), now);
    await sessions.claim(atPhone(), now);
    await sessions.claim(session({ key: { ...key, session: sessionId('s10') } }), now);
    const found = await sessions.ofCall(alice, key.session, now);
    assert.deepEqual(found.map((record) => record.key.device).toSorted(), ['laptop', 'phone']);
  },
  'what an edge owned in its former lives, by pages': async ({ store: { sessions }, settle }) => {
    await sessions.claim(session({ owner: { edge, generation: 4 } }), now);
    await sessions.claim(atPhone({ owner: { edge, generation: 3 } }), now);
    await sessions.claim(session({ key: { ...key, aor: bob }, owner: { edge, generation: 5 } }), now);
    await settle();
    assert.equal((await sessions.ofEdgeBefore(edge, 5, 10)).length, 2);
    assert.equal((await sessions.ofEdgeBefore(edge, 5, 1)).length, 1);
    assert.equal((await sessions.ofEdgeBefore(edgeId('edge-b'), 5, 10)).length, 0);
    for (const record of await sessions.ofEdgeBefore(edge, 5, 10)) await sessions.end(record.key, later);
    await settle();
    assert.equal((await sessions.ofEdgeBefore(edge, 5, 10)).length, 0);
  },
};

export const sessionsContract = (open: OpenStore) => facts('sessions', open, sessionsFacts);
