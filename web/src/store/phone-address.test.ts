import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPhone, openPhoneWithAddress, PhoneWorld } from '../../../test/fakes/phone-world.ts';

describe('the own address', () => {
  test('a temporary one in one step', async () => {
    const phone = await openPhone();
    const states: unknown[] = [];
    phone.store.subscribe(({ ownState }) => states.push(ownState.busy));
    await Promise.all([phone.store.getAddress({ lifetime: 'temporary' }), phone.pass(50)]);
    const { own } = phone.snapshot;
    assert.deepEqual(
      [own?.address, own?.displayName, own?.lifetime, own?.registration],
      ['temp-1@example.org', 'Temp', 'temporary', 'registered'],
    );
    assert.ok((own?.expiresAt ?? 0) > phone.world.clock.now() + 86_000_000);
    assert.equal(states[0], true);
    assert.equal(phone.snapshot.ownState.busy, false);
  });

  test('is there again at the next visit, by its digest and not by its password', async () => {
    const phone = await openPhoneWithAddress();
    assert.doesNotMatch(JSON.stringify([...phone.browser.memory.entries]), /"secret"/);
    await phone.reload();
    assert.equal(phone.snapshot.own?.registration, 'registered');
    const [first, second] = phone.world.carriedOut('account-add');
    assert.equal(first?.password, second?.password);
    assert.equal(first?.device, second?.device);
  });

  test('expired meanwhile: forgotten with a word, and the next call gets a new one', async () => {
    const phone = await openPhoneWithAddress();
    phone.world.gateway.failures.set('temp-1@example.org', '410 Gone');
    await phone.reload();
    assert.equal(phone.snapshot.own, undefined);
    assert.equal(phone.snapshot.notices[0]?.sentence, 'Your temporary address has expired.');
    await phone.dial();
    assert.equal(phone.world.carriedOut('session-create')[0]?.account, 'temp-2@example.org');
  });

  test('a permanent one that is refused stays, with the reason', async () => {
    const phone = await openPhone();
    await Promise.all([
      phone.store.getAddress({ lifetime: 'permanent', name: 'alice', password: 'correct horse' }),
      phone.pass(50),
    ]);
    assert.equal(phone.snapshot.own?.lifetime, 'permanent');
    phone.world.gateway.failures.set('alice@example.org', '904 Authentication failed');
    await phone.reload();
    const { registration, reason } = phone.snapshot.own ?? {};
    assert.deepEqual([registration, reason], ['failed', 'The address or the password is wrong.']);
    phone.world.gateway.failures.set('alice@example.org', '410 Gone');
    await phone.reload();
    assert.equal(phone.snapshot.own?.reason, 'This address does not exist any more.');
  });

  test('kept under a chosen name, the temporary one is still called until it expires', async () => {
    const phone = await openPhoneWithAddress();
    await Promise.all([phone.store.keepAddress('alice', 'correct horse'), phone.pass(50)]);
    assert.equal(phone.snapshot.own?.address, 'alice@example.org');
    phone.world.gateway.ring('in-1', { account: 'temp-1@example.org', from: 'carol@example.org', offer: 'v=0\r\n' });
    await phone.pass(10);
    assert.equal(phone.call.phase, 'incoming');
    const timesAdded = () =>
      phone.world.carriedOut('account-add').filter(({ account }) => account === 'temp-1@example.org').length;
    await phone.reload();
    assert.equal(timesAdded(), 2);
    phone.store.close();
    await phone.pass(2 * 86_400_000);
    await phone.open();
    assert.equal(timesAdded(), 2, 'it has expired');
  });

  test('signed out here, it stays as it is and can be signed in again', async () => {
    const phone = await openPhone();
    await Promise.all([phone.store.signIn('alice', 'correct horse'), phone.pass(50)]);
    await Promise.all([phone.store.signOut(), phone.pass(50)]);
    assert.equal(phone.snapshot.own, undefined);
    assert.equal(phone.browser.requests.filter(({ method }) => method === 'DELETE').length, 0);
    assert.equal(phone.world.carriedOut('account-remove').length, 1);
    await phone.reload();
    assert.equal(phone.snapshot.own, undefined);
  });

  test('forgotten: temporary or permanent, it is given back for good', async () => {
    for (const take of [
      (phone: PhoneWorld) => phone.store.getAddress({ lifetime: 'temporary' }),
      (phone: PhoneWorld) => phone.store.signIn('alice', 'correct horse'),
    ]) {
      const phone = await openPhone();
      await Promise.all([take(phone), phone.pass(50)]);
      const address = phone.snapshot.own?.address ?? '';
      await Promise.all([phone.store.forgetAddress(), phone.pass(50)]);
      assert.equal(phone.snapshot.own, undefined);
      const { method, path } = phone.browser.requests.at(-1) ?? {};
      assert.deepEqual([method, path], ['DELETE', `/api/addresses/${encodeURIComponent(address)}`]);
      assert.equal(phone.world.carriedOut('account-remove').length, 1);
    }
  });

  test('what the gateway does not delete is not said to be deleted', async () => {
    const rows: readonly (readonly [status: number, sentence: RegExp])[] = [
      [401, /password is wrong/],
      [429, /problem \(429\)/],
      [500, /problem \(500\)/],
    ];
    for (const [status, sentence] of rows) {
      const phone = await openPhone();
      await Promise.all([phone.store.signIn('alice', 'correct horse'), phone.pass(50)]);
      phone.browser.serve = () => new Response(null, { status });
      await assert.rejects(phone.store.forgetAddress(), sentence);
      assert.equal(phone.snapshot.own?.address, 'alice@example.org');
      assert.match(phone.snapshot.ownState.error ?? '', sentence);
    }
    const phone = await openPhoneWithAddress();
    phone.browser.serve = () => new Response(null, { status: 401 });
    await Promise.all([phone.store.forgetAddress(), phone.pass(50)]);
    assert.equal(phone.snapshot.own, undefined, 'a temporary one has expired meanwhile');
  });

  test('signing in with a wrong password says so and changes nothing', async () => {
    const phone = await openPhoneWithAddress();
    phone.world.gateway.failures.set('alice@example.org', '904 Authentication failed');
    const refused = assert.rejects(
      phone.store.signIn('alice@example.org', 'wrong'),
      /address or the password is wrong/,
    );
    await phone.pass(50);
    await refused;
    assert.equal(phone.snapshot.own?.address, 'temp-1@example.org');
    assert.equal(phone.snapshot.ownState.error, 'The address or the password is wrong.');
  });

  test('an address of another domain', async () => {
    const phone = await openPhone();
    phone.world.gateway.refusals.set('account-add', 'SIP domain not allowed: other.example');
    const refused = assert.rejects(
      phone.store.signIn('alice@other.example', 'x'),
      /Addresses of other\.example cannot be used here/,
    );
    await phone.pass(50);
    await refused;
  });

  test('what the server says to a wish is said in words', async () => {
    const phone = await openPhone();
    const wish = { lifetime: 'permanent', name: 'bob', password: 'correct horse' } as const;
    const rows: [status: number, body: object, headers: Record<string, string>, sentence: RegExp][] = [
      [409, { error: 'taken' }, {}, /The name bob is taken/],
      [
        400,
        { error: 'x', field: 'password', rule: '8 to 128 characters' },
        {},
        /The password must be 8 to 128 characters/,
      ],
      [429, { error: 'x' }, { 'retry-after': '125' }, /Try again in 3 minutes/],
      [403, {}, {}, /may not get an address/],
      [500, {}, {}, /The server has a problem \(500\)/],
      [201, { address: 7 }, {}, /The server has a problem \(201\)/],
    ];
    for (const [status, body, headers, sentence] of rows) {
      phone.browser.serve = () => new Response(JSON.stringify(body), { status, headers });
      await assert.rejects(phone.store.getAddress(wish), sentence);
      assert.match(phone.snapshot.ownState.error ?? '', sentence);
    }
    phone.browser.serve = () => new Response('<html>', { status: 502 });
    await assert.rejects(phone.store.getAddress(wish), /problem \(502\)/);
  });
});

describe('the place', () => {
  test('an insecure page and an old browser can do nothing, and say why', async () => {
    for (const [lacks, place, sentence] of [
      ['isSecure', 'insecure', /not secure/],
      ['hasWebRtc', 'unsupported', /cannot make calls/],
    ] as const) {
      const phone = new PhoneWorld();
      phone.browser[lacks] = false;
      await phone.open();
      assert.deepEqual([phone.snapshot.place, phone.snapshot.link], [place, 'offline']);
      await assert.rejects(phone.store.call('bob@example.org', { audio: true, video: false }), sentence);
      assert.equal(phone.world.gateway.sockets.length, 0);
      phone.store.hangUp('x');
      phone.store.retryLink();
      phone.store.close();
    }
  });

  test('the server is gone, then back', async () => {
    const phone = new PhoneWorld();
    phone.world.gateway.isDown = true;
    await phone.open();
    assert.deepEqual([phone.snapshot.place, phone.snapshot.link], [undefined, 'connecting']);
    await phone.pass(8_000);
    assert.equal(phone.snapshot.place, 'server-gone');
    const refused = assert.rejects(
      phone.store.call('bob@example.org', { audio: true, video: false }),
      /server does not answer/,
    );
    await phone.pass(16_000);
    await refused;
    phone.world.gateway.isDown = false;
    phone.store.retryLink();
    await phone.pass(20_000);
    assert.deepEqual(
      [phone.snapshot.place, phone.snapshot.link, phone.snapshot.domain],
      [undefined, 'online', 'example.org'],
    );
  });

  test('no network: offline while the socket is gone', async () => {
    const phone = await openPhone();
    phone.browser.isOnline = false;
    phone.world.gateway.isDown = true;
    phone.world.gateway.socket.cut();
    phone.browser.tell('network');
    await phone.pass(10);
    assert.deepEqual([phone.snapshot.place, phone.snapshot.link], ['offline', 'offline']);
    await assert.rejects(phone.store.getAddress({ lifetime: 'temporary' }), /You are offline/);
  });

  test('closed, it lets go of everything', async () => {
    const phone = await openPhoneWithAddress();
    const id = await phone.talk();
    phone.store.close();
    await phone.pass(10);
    assert.equal(phone.world.carriedOut('session-terminate')[0]?.session, id);
    await phone.pass(120_000);
    assert.equal(phone.world.clock.pending, 0, 'timers are left');
    assert.equal(phone.media.tracks[0]?.readyState, 'ended');
    assert.equal(phone.browser.awake, 0);
  });
});
