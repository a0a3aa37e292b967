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
    assert.deepEqual([notice?.sentence, notice?.unblock], ['Bob is blocked on this device.', 'carol@example.org']);
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

test('whether the caller owns its address is shown as the gateway says it', async () => {
  for (const verified of [true, false, undefined]) {
    const phone = await openPhoneWithAddress();
    await phone.ring('in-1', offerOf('audio'), verified);
    assert.equal(phone.call.peer.isVerified, verified);
  }
});
