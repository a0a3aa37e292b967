import assert from 'node:assert/strict';
import { aor, connectionId, deviceId } from '@sylk/protocol/ids.ts';
import { countOf, type Facts, facts, type OpenStore, presentAndGone } from './harness.ts';
import { added, alice, bob, laptop, later, now, openConnection } from './samples.ts';

const connectionsFacts: Facts = {
  'an opened one is found, without accounts': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    assert.deepEqual(await connections.find(laptop, now), { ...openConnection(), accounts: [] });
    assert.equal(await connections.find(connectionId('other'), now), undefined);
  },
  'opening it again changes nothing': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    await connections.addAccount(laptop, added(), 8);
    await connections.open(openConnection());
    assert.equal((await connections.find(laptop, now))?.accounts.length, 1);
  },
  'an expired one is absent': async (under) => {
    const { connections } = under.store;
    await connections.open(openConnection());
    await presentAndGone(under, later, async () => {
      assert.equal(await connections.find(laptop, later), undefined);
    });
  },
  'an added account comes back whole': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    assert.equal(await connections.addAccount(laptop, added(), 8), 'added');
    assert.deepEqual((await connections.find(laptop, now))?.accounts, [added()]);
    const plain = added(bob, { displayName: undefined, userAgent: undefined, headerPrefixes: [], isVerified: false });
    await connections.addAccount(laptop, plain, 8);
    const accounts = (await connections.find(laptop, now))?.accounts ?? [];
    assert.deepEqual(
      accounts.find((one) => one.aor === bob),
      plain,
    );
  },
  'an account elsewhere keeps its sealed digests, however long': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    const elsewhere = { secret: `v1.${'x'.repeat(2_000)}`, credentials: 'the-name', answersChallenges: true };
    await connections.addAccount(laptop, added(alice, { isVerified: false, elsewhere }), 8);
    assert.deepEqual((await connections.find(laptop, now))?.accounts, [added(alice, { isVerified: false, elsewhere })]);
  },
  'adding again: own claim for the same transaction, present for another': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    await connections.addAccount(laptop, added(), 8);
    assert.equal(await connections.addAccount(laptop, added(), 8), 'added');
    assert.equal(await connections.addAccount(laptop, added(alice, { addedBy: 't2' }), 8), 'present');
  },
  'of several additions at once exactly one wins': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    const tries = ['t1', 't2', 't3'].map(
      (addedBy) => () => connections.addAccount(laptop, added(alice, { addedBy }), 8),
    );
    assert.equal(await countOf('added', tries), 1);
  },
  'the limit holds for several additions at once': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    const tries = ['a', 'b', 'c', 'd'].map((user) => () => connections.addAccount(laptop, added(aor(`${user}@x`)), 2));
    assert.equal(await countOf('added', tries), 2);
    assert.equal(await connections.addAccount(laptop, added(aor('e@x')), 2), 'full');
  },
  'nothing is added to a closed connection': async ({ store: { connections } }) => {
    assert.equal(await connections.addAccount(laptop, added(), 8), 'gone');
    await connections.open(openConnection());
    await connections.close(laptop);
    await connections.close(laptop);
    assert.equal(await connections.addAccount(laptop, added(), 8), 'gone');
    assert.equal(await connections.find(laptop, now), undefined);
  },
  'a removal is repeatable by its transaction only': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    await connections.addAccount(laptop, added(), 8);
    assert.equal(await connections.removeAccount(laptop, alice, 't5'), 'removed');
    assert.equal(await connections.removeAccount(laptop, alice, 't5'), 'removed');
    assert.equal(await connections.removeAccount(laptop, alice, 't6'), 'absent');
    assert.equal(await connections.removeAccount(laptop, bob, 't5'), 'absent');
    assert.deepEqual((await connections.find(laptop, now))?.accounts, []);
  },
  'a removed account can be added again, with new properties': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    await connections.addAccount(laptop, added(), 8);
    await connections.removeAccount(laptop, alice, 't5');
    const again = added(alice, { addedBy: 't6', device: deviceId('other'), isVerified: false });
    assert.equal(await connections.addAccount(laptop, again, 8), 'added');
    assert.deepEqual((await connections.find(laptop, now))?.accounts, [again]);
  },
  'removed accounts do not count against the limit': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    for (const user of ['a', 'b', 'c']) {
      await connections.addAccount(laptop, added(aor(`${user}@x`)), 1);
      assert.equal(await connections.removeAccount(laptop, aor(`${user}@x`), user), 'removed');
    }
    assert.equal(await connections.addAccount(laptop, added(), 1), 'added');
  },
  'trust is withdrawn from one account': async ({ store: { connections } }) => {
    await connections.open(openConnection());
    await connections.addAccount(laptop, added(), 8);
    await connections.distrust(laptop, bob);
    assert.deepEqual((await connections.find(laptop, now))?.accounts, [added()]);
    await connections.distrust(laptop, alice);
    assert.deepEqual((await connections.find(laptop, now))?.accounts, [added(alice, { isVerified: false })]);
  },
};

export const connectionsContract = (open: OpenStore) => facts('connections', open, connectionsFacts);
