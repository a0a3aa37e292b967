import assert from 'node:assert/strict';
import { countOf, type Facts, facts, type OpenStore } from './harness.ts';
import { account, alice, bob, later, now } from './samples.ts';

const accountsFacts: Facts = {
  'what was created is found': async ({ store: { accounts } }) => {
    assert.equal(await accounts.create(account()), 'created');
    assert.deepEqual(await accounts.find(alice), account());
    assert.equal(await accounts.find(bob), undefined);
  },
  'a permanent one has no end': async ({ store: { accounts } }) => {
    await accounts.create(account({ lifetime: 'permanent', expiresAt: undefined }));
    assert.equal((await accounts.find(alice))?.expiresAt, undefined);
    assert.equal(await accounts.renew(alice, later, now), false);
  },
  'a repeated creation finds its own claim, another finds it taken': async ({ store: { accounts } }) => {
    await accounts.create(account());
    assert.equal(await accounts.create(account()), 'created');
    assert.equal(await accounts.create(account({ createdBy: 't2' })), 'taken');
  },
  'of several creations at once exactly one wins': async ({ store: { accounts } }) => {
    const tries = ['t1', 't2', 't3'].map((createdBy) => () => accounts.create(account({ createdBy })));
    assert.equal(await countOf('created', tries), 1);
  },
  'the end only moves later': async ({ store: { accounts } }) => {
    await accounts.create(account());
    assert.equal(await accounts.renew(alice, later + 10, now), true);
    assert.equal(await accounts.renew(alice, later, now), true);
    assert.equal((await accounts.find(alice))?.expiresAt, later + 10);
  },
  'an expired one stays expired and is never given out again': async ({ store: { accounts }, clean }) => {
    await accounts.create(account());
    await clean(later + 1);
    assert.equal(await accounts.renew(alice, later + 1000, later), false);
    assert.equal((await accounts.find(alice))?.expiresAt, later);
    assert.equal(await accounts.create(account({ createdBy: 't2' })), 'taken');
  },
  'removed is final': async ({ store: { accounts } }) => {
    await accounts.create(account());
    assert.equal(await accounts.setStatus(alice, 'removed'), true);
    assert.equal(await accounts.setStatus(alice, 'removed'), true);
    assert.equal(await accounts.setStatus(alice, 'active'), false);
    assert.equal(await accounts.renew(alice, later + 10, now), false);
    assert.equal(await accounts.create(account({ createdBy: 't2' })), 'taken');
  },
  'a blocked one may become active again': async ({ store: { accounts } }) => {
    await accounts.create(account());
    assert.equal(await accounts.setStatus(alice, 'blocked'), true);
    assert.equal((await accounts.find(alice))?.status, 'blocked');
    assert.equal(await accounts.setStatus(alice, 'active'), true);
    assert.equal(await accounts.setStatus(bob, 'blocked'), false);
  },
  'pages follow each other': async ({ store: { accounts } }) => {
    await accounts.create(account({ aor: bob }));
    await accounts.create(account());
    const first = await accounts.list('', 1);
    assert.deepEqual(
      first.map(({ aor }) => aor),
      [alice],
    );
    assert.deepEqual(
      (await accounts.list(alice, 1)).map(({ aor }) => aor),
      [bob],
    );
    assert.deepEqual(await accounts.list(bob, 1), []);
  },
};

export const accountsContract = (open: OpenStore) => facts('accounts', open, accountsFacts);
