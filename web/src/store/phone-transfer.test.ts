import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPhone, openPhoneWithAddress } from '../../../test/fakes/phone-world.ts';

describe('the far side is handed on', () => {
  test('what the gateway says of it is shown, and the end names who was handed on', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    phone.acceptAll();
    await Promise.all([phone.store.transfer(id, { uri: 'sip:mary@work.example' }), phone.pass(10)]);
    assert.deepEqual(
      phone.world.carriedOut('session-transfer').map(({ session, uri }) => [session, uri]),
      [[id, 'mary@work.example']],
    );
    assert.deepEqual(phone.call.transfer, { to: 'mary@work.example', phase: 'trying' });
    phone.emit(id, { event: 'transfer', state: 'ringing' });
    await phone.pass(10);
    assert.equal(phone.call.transfer?.phase, 'ringing');
    phone.emit(id, { event: 'transfer', state: 'accepted' });
    phone.emit(id, { event: 'state', state: 'terminated', reason: '200 Transferred' });
    await phone.pass(10);
    assert.match(phone.snapshot.ended?.sentence ?? '', /^You handed .+ on\.$/);
    assert.equal(phone.snapshot.ended?.kind, 'ok');
  });

  test('a failure is said in words, until it has been read; the call goes on', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    phone.acceptAll();
    await Promise.all([phone.store.transfer(id, { uri: 'mary@work.example' }), phone.pass(10)]);
    phone.emit(id, { event: 'transfer', state: 'failed', reason: '486 Busy Here' });
    await phone.pass(10);
    assert.equal(phone.call.transfer?.sentence, 'mary@work.example is busy.');
    phone.store.dismissTransfer(id);
    assert.equal(phone.call.transfer, undefined);
    phone.world.gateway.refusals.set('session-transfer', 'no');
    const refused = assert.rejects(phone.store.transfer(id, { uri: 'mary@work.example' }), /could not be handed on/);
    await phone.pass(10);
    await refused;
    assert.deepEqual([phone.call.transfer, phone.call.phase], [undefined, 'established']);
  });

  test('whom the other side was handed on to is shown from then on', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    phone.emit(id, { event: 'transferred', originator: { uri: 'mary@work.example', display_name: 'Mary' } });
    await phone.pass(10);
    assert.deepEqual(phone.call.peer, { uri: 'mary@work.example', displayName: 'Mary' });
  });
});

describe('do not disturb', () => {
  test('a call does not ring here, its caller hears that this side is busy, and it is among the missed ones', async () => {
    const phone = await openPhoneWithAddress();
    phone.acceptAll();
    phone.store.doNotDisturb(true);
    await phone.ring('in-1');
    await phone.pass(400);
    assert.deepEqual(
      phone.world.carriedOut('session-terminate').map(({ session, code }) => [session, code]),
      [['in-1', 486]],
    );
    assert.equal(phone.world.carriedOut('session-ringing').length, 0);
    assert.deepEqual([phone.snapshot.calls, phone.snapshot.ended], [[], undefined]);
    assert.deepEqual(
      phone.snapshot.recents.map(({ uri, direction }) => [uri, direction]),
      [['carol@example.org', 'missed']],
    );
  });

  test('it lasts over a reload, until it is turned off', async () => {
    const phone = await openPhoneWithAddress();
    phone.acceptAll();
    phone.store.doNotDisturb(true);
    await phone.reload();
    assert.equal(phone.snapshot.isUndisturbed, true);
    phone.store.doNotDisturb(false);
    await phone.ring('in-1');
    assert.equal(phone.call.phase, 'incoming');
  });
});
