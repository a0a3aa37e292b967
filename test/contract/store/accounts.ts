import assert from 'node:assert/strict';
import { deviceId } from '@sylk/protocol/ids.ts';
import { countOf, type Facts, facts, type OpenStore } from './harness.ts';
import { account, alice, bob, device, later, now } from './samples.ts';

const calls = { kind: 'calls', windowMs: 60_000, limit: 2 };

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
  'an account is found with its devices': async ({ store: { accounts, devices } }) => {
    assert.deepEqual(await accounts.findWithDevices(alice, now), { account: undefined, devices: [], phones: [] });
    await accounts.create(account());
    await devices.register(device());
    assert.deepEqual(await accounts.findWithDevices(alice, now), {
      account: account(),
      devices: [device()],
      phones: [],
    });
    assert.deepEqual(await accounts.findWithDevices(alice, later), { account: account(), devices: [], phones: [] });
  },
  'an account is found with its devices and the last place of its history': async ({ store }) => {
    const { accounts, devices, messages } = store;
    const found = { account: account(), devices: [device()], phones: [] };
    assert.equal((await accounts.findWithDevicesAndTail(alice, now)).tail, 0);
    await accounts.create(account());
    await devices.register(device());
    assert.deepEqual(await accounts.findWithDevicesAndTail(alice, now), { ...found, tail: 0 });
    for (const seq of Array.from({ length: 30 }, (_, before) => before + 1))
      await messages.place(alice, seq, `m${seq}`);
    assert.deepEqual(await accounts.findWithDevicesAndTail(alice, now), { ...found, tail: 30 });
    assert.deepEqual(await accounts.findWithDevices(alice, now), found);
    assert.deepEqual((await accounts.findWithDevicesAndTail(alice, later)).devices, []);
  },
  'an account with many devices is found with its last place as well': async ({ store }) => {
    const { accounts, devices, messages } = store;
    await accounts.create(account());
    await messages.place(alice, 1, 'm1');
    const many = Array.from({ length: 40 }, (_, index) => deviceId(`device-${String(index).padStart(2, '0')}`));
    for (const one of many) await devices.register(device({ device: one }));
    const found = await accounts.findWithDevicesAndTail(alice, now);
    assert.deepEqual([found.account, found.devices.length, found.tail], [account(), 40, 1]);
  },
  'uses of an account are counted within a window, an unknown one has none': async ({ store: { accounts } }) => {
    assert.equal(await accounts.countUse(alice, calls, now), undefined);
    await accounts.create(account());
    const granted = { account: account(), answer: { granted: true } };
    const refused = { account: account(), answer: { granted: false, retryAfterMs: 60_000 } };
    assert.deepEqual(await accounts.countUse(alice, { ...calls, limit: 0 }, now), refused);
    assert.deepEqual(await accounts.countUse(alice, calls, now), granted);
    assert.deepEqual(await accounts.countUse(alice, calls, now), granted);
    assert.deepEqual(await accounts.countUse(alice, calls, now), refused);
    assert.deepEqual(await accounts.countUse(alice, calls, now + 60_000), granted);
  },
  'uses of an account at once do not exceed the limit': async ({ store: { accounts } }) => {
    await accounts.create(account());
    const tries = [1, 2, 3, 4].map(
      () => async () => (await accounts.countUse(alice, calls, now))?.answer.granted === true,
    );
    // Fewer where an answer was lost and the use is counted once more.
    assert.ok((await countOf(true, tries)) <= 2);
  },
  'a contact is in one list at a time, and told with its account': async ({ store: { accounts } }) => {
    assert.equal(await accounts.setContact(alice, 'mallory@example.net', 'blocked', 2), 'unknown');
    assert.equal(await accounts.find(alice), undefined);
    await accounts.create(account());
    assert.equal(await accounts.setContact(alice, 'mallory@example.net', 'blocked', 2), 'done');
    assert.equal(await accounts.setContact(alice, 'carol@example.net', 'blocked', 2), 'done');
    const blocked = ['carol@example.net', 'mallory@example.net'];
    assert.deepEqual(await accounts.find(alice), account({ blocked }));
    assert.deepEqual((await accounts.findWithDevices(alice, now)).account, account({ blocked }));
    assert.equal(await accounts.setContact(alice, 'carol@example.net', 'allowed', 2), 'done');
    const lists = { blocked: ['mallory@example.net'], allowed: ['carol@example.net'] };
    assert.deepEqual(await accounts.find(alice), account(lists));
    assert.equal(await accounts.setContact(alice, 'mallory@example.net', 'allowed', 2), 'done');
    assert.deepEqual(await accounts.find(alice), account({ allowed: blocked }));
    assert.equal(await accounts.create(account()), 'created');
    assert.deepEqual(await accounts.find(alice), account({ allowed: blocked }));
  },
  'the latest token opens the history, and is told with its account': async ({ store: { accounts } }) => {
    const [first, second] = [
      { hash: 'aa', expiresAt: now + 1 },
      { hash: 'bb', expiresAt: now + 2 },
    ];
    assert.equal(await accounts.setHistoryToken(alice, first), false);
    assert.equal(await accounts.find(alice), undefined);
    await accounts.create(account());
    assert.equal(await accounts.setHistoryToken(alice, first), true);
    assert.equal(await accounts.setHistoryToken(alice, second), true);
    assert.deepEqual(await accounts.find(alice), account({ historyToken: second }));
    assert.deepEqual((await accounts.findWithDevices(alice, now)).account, account({ historyToken: second }));
  },
  'a full list takes nobody else, but a blocked one can always be allowed': async ({ store: { accounts } }) => {
    await accounts.create(account());
    assert.equal(await accounts.setContact(alice, 'a@example.net', 'blocked', 1), 'done');
    assert.equal(await accounts.setContact(alice, 'b@example.net', 'blocked', 1), 'full');
    assert.equal(await accounts.setContact(alice, 'a@example.net', 'blocked', 1), 'done');
    assert.deepEqual(await accounts.find(alice), account({ blocked: ['a@example.net'] }));
    assert.equal(await accounts.setContact(alice, 'b@example.net', 'allowed', 1), 'done');
    assert.equal(await accounts.setContact(alice, 'a@example.net', 'allowed', 1), 'done');
    assert.deepEqual(await accounts.find(alice), account({ allowed: ['b@example.net'] }));
  },
  'contacts that are blocked at once are all blocked': async ({ store: { accounts } }) => {
    await accounts.create(account());
    const blocked = ['a@example.net', 'b@example.net', 'c@example.net'];
    await Promise.all(blocked.map((contact) => accounts.setContact(alice, contact, 'blocked', 3)));
    assert.deepEqual(await accounts.find(alice), account({ blocked }));
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
