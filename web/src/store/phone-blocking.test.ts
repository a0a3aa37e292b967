import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { offerOf } from '../../../test/fakes/fake-peer-connection.ts';
import { openPhone, openPhoneWithAddress, type PhoneWorld } from '../../../test/fakes/phone-world.ts';

const declined = (phone: PhoneWorld) =>
  phone.world.carriedOut('session-terminate').map(({ session, code }) => [session, code]);

async function blocked(): Promise<PhoneWorld> {
  const phone = await openPhoneWithAddress();
  phone.acceptAll();
  await phone.ring('in-1');
  phone.store.block('in-1');
  await phone.pass(400);
  return phone;
}

describe('a caller is blocked', () => {
  test('the call that rings is declined, and a notice says what was done', async () => {
    const phone = await blocked();
    assert.deepEqual(declined(phone), [['in-1', 603]]);
    assert.deepEqual(phone.snapshot.calls, []);
    assert.deepEqual(
      phone.snapshot.blocked.map(({ uri, displayName }) => [uri, displayName]),
      [['carol@example.org', 'Bob']],
    );
    const [notice] = phone.snapshot.notices;
    assert.deepEqual([notice?.sentence, notice?.unblock], ['Bob is blocked.', 'carol@example.org']);
  });

  test('the next call is declined without a sound, and nobody is told that it rings', async () => {
    const phone = await blocked();
    const { recents, notices } = phone.snapshot;
    await phone.ring('in-2');
    assert.deepEqual(declined(phone).at(-1), ['in-2', 603]);
    assert.equal(phone.world.carriedOut('session-ringing').filter(({ session }) => session === 'in-2').length, 0);
    const missed = { event: 'missed-session', originator: { uri: 'sip:Carol@Example.org' } };
    const account = phone.snapshot.own?.address;
    phone.world.gateway.send(phone.world.gateway.socket, { sylkrtc: 'account-event', account, ...missed });
    await phone.pass(400);
    assert.deepEqual(phone.snapshot.calls, []);
    assert.equal(phone.snapshot.ended, undefined);
    assert.deepEqual([phone.snapshot.recents, phone.snapshot.notices], [recents, notices]);
  });

  test('allowed again, it rings again, and the notice is gone', async () => {
    const phone = await blocked();
    phone.store.unblock('carol@example.org');
    assert.deepEqual([phone.snapshot.blocked, phone.snapshot.notices], [[], []]);
    await phone.ring('in-2');
    assert.equal(phone.call.phase, 'incoming');
  });

  test('it holds at the next visit, and when the address is kept under another name', async () => {
    const phone = await blocked();
    await phone.reload();
    assert.equal(phone.snapshot.blocked.length, 1);
    await Promise.all([phone.store.keepAddress('alice', 'correct horse'), phone.pass(50)]);
    assert.deepEqual([phone.snapshot.own?.address, phone.snapshot.blocked.length], ['alice@example.org', 1]);
    await phone.ring('in-3');
    assert.deepEqual(phone.snapshot.calls, []);
  });

  test('it is for one address: another person in the same browser has a list of their own', async () => {
    const phone = await openPhone();
    await Promise.all([phone.store.signIn('alice', 'correct horse'), phone.pass(50)]);
    await phone.ring('in-1');
    phone.store.block('in-1');
    await Promise.all([phone.store.signOut(), phone.pass(50)]);
    assert.deepEqual(phone.snapshot.blocked, []);
    await Promise.all([phone.store.signIn('dan', 'battery staple'), phone.pass(50)]);
    assert.deepEqual(phone.snapshot.blocked, []);
    await Promise.all([phone.store.signOut(), phone.pass(50)]);
    await Promise.all([phone.store.signIn('alice', 'correct horse'), phone.pass(50)]);
    assert.equal(phone.snapshot.blocked.length, 1);
  });

  test('with the address the list is forgotten', async () => {
    const phone = await blocked();
    await Promise.all([phone.store.forgetAddress(), phone.pass(50)]);
    assert.equal(phone.browser.memory.read('sylk.blocked'), undefined);
    assert.deepEqual(phone.snapshot.blocked, []);
  });

  test('a list that was tampered with is read as far as it is one', async () => {
    const phone = await blocked();
    for (const text of ['{', '[]', '{"temp-1@example.org":[{"uri":7}]}', '{"temp-1@example.org":7}']) {
      phone.browser.memory.write('sylk.blocked', text);
      await phone.reload();
      assert.deepEqual(phone.snapshot.blocked, []);
    }
  });
});

/** The requests of a kind that the gateway has had, by whom they are about. */
const asked = (phone: PhoneWorld, request: 'account-block' | 'account-allow') =>
  phone.world.carriedOut(request).map(({ account, uri }) => [account, uri]);

/** The gateway tells its lists to this page. */
async function told(phone: PhoneWorld, lists: object): Promise<void> {
  const account = phone.snapshot.own?.address;
  const event = { sylkrtc: 'account-event', account, event: 'contact-policy', blocked: [], allowed: [] };
  phone.world.gateway.send(phone.world.gateway.socket, { ...event, ...lists });
  await phone.pass(10);
}

describe('the gateway keeps the list for all devices', () => {
  test('it is told once who is blocked, and who is allowed again', async () => {
    const phone = await blocked();
    const own = phone.snapshot.own?.address;
    assert.deepEqual(asked(phone, 'account-block'), [[own, 'carol@example.org']]);
    await phone.reload();
    assert.equal(asked(phone, 'account-block').length, 1);
    phone.store.unblock('carol@example.org');
    await phone.pass(10);
    assert.deepEqual(asked(phone, 'account-allow'), [[own, 'carol@example.org']]);
  });

  test('whom this browser has blocked before is told after sign-in', async () => {
    const phone = await openPhoneWithAddress();
    const own = String(phone.snapshot.own?.address);
    const before = { uri: 'sip:Carol@Example.org', displayName: 'Carol', at: 7 };
    phone.browser.memory.write('sylk.blocked', JSON.stringify({ [own]: [before] }));
    await phone.reload();
    assert.deepEqual(asked(phone, 'account-block'), [[own, before.uri]]);
    await told(phone, { blocked: ['carol@example.org', 'eve@example.net'], reset: true });
    assert.deepEqual(
      phone.snapshot.blocked.map(({ uri, displayName }) => [uri, displayName]),
      [
        ['eve@example.net', ''],
        ['carol@example.org', 'Carol'],
      ],
    );
    await phone.reload();
    assert.deepEqual([asked(phone, 'account-block').length, phone.snapshot.blocked.length], [1, 2]);
  });

  test('who was allowed on another device rings here again', async () => {
    const phone = await blocked();
    await told(phone, { allowed: ['carol@example.org'] });
    assert.deepEqual(phone.snapshot.blocked, []);
    await phone.ring('in-2');
    assert.equal(phone.call.phase, 'incoming');
  });

  test('what it does not take holds in this browser, and is told again at the next sign-in', async () => {
    const phone = await openPhoneWithAddress();
    phone.world.gateway.refusals.set('account-block', 'At most 500 contacts can be blocked');
    phone.acceptAll();
    await phone.ring('in-1');
    phone.store.block('in-1');
    await told(phone, { blocked: ['eve@example.net'], reset: true });
    assert.equal(phone.snapshot.blocked.length, 2);
    await phone.ring('in-2');
    assert.deepEqual(declined(phone).at(-1), ['in-2', 603]);
    phone.world.gateway.refusals.clear();
    await phone.reload();
    assert.deepEqual(
      asked(phone, 'account-block').map(([, uri]) => uri),
      ['carol@example.org'],
    );
  });

  test('who is allowed again offline is so at once, and told after sign-in, also when the page was closed before', async () => {
    const phone = await blocked();
    await told(phone, { blocked: ['carol@example.org'], reset: true });
    phone.world.gateway.isDown = true;
    phone.world.gateway.socket.cut();
    phone.store.unblock('carol@example.org');
    assert.deepEqual(phone.snapshot.blocked, []);
    phone.world.gateway.isDown = false;
    await phone.reload();
    assert.deepEqual(
      asked(phone, 'account-allow').map(([, uri]) => uri),
      ['carol@example.org'],
    );
    assert.deepEqual(phone.snapshot.blocked, []);
    await phone.reload();
    assert.equal(asked(phone, 'account-allow').length, 1);
    await phone.ring('in-2');
    assert.equal(phone.call.phase, 'incoming');
  });

  test('of an address elsewhere it keeps none', async () => {
    const phone = await openPhone();
    await Promise.all([phone.store.signIn('dan@provider.example', 'battery staple'), phone.pass(50)]);
    await phone.ring('in-1');
    phone.store.block('in-1');
    await phone.pass(50);
    assert.deepEqual([asked(phone, 'account-block'), phone.snapshot.blocked.length], [[], 1]);
  });
});

test('whether the caller owns its address is shown as the gateway says it', async () => {
  for (const verified of [true, false, undefined]) {
    const phone = await openPhoneWithAddress();
    await phone.ring('in-1', offerOf('audio'), verified);
    assert.equal(phone.call.peer.isVerified, verified);
  }
});
