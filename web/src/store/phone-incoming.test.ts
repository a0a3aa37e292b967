import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { offerOf } from '../../../test/fakes/fake-peer-connection.ts';
import { openPhoneWithAddress, type PhoneWorld } from '../../../test/fakes/phone-world.ts';

const end = (phone: PhoneWorld, id: string, reason: string) =>
  phone.emit(id, { event: 'state', state: 'terminated', reason });

async function answered(phone: PhoneWorld, id: string, media = { video: false }): Promise<void> {
  const answering = phone.store.answer(id, media);
  await phone.pass(20);
  await answering;
  phone.emit(id, { event: 'state', state: 'accepted' });
  phone.emit(id, { event: 'state', state: 'established' });
  await phone.pass(10);
}

describe('a call comes in', () => {
  test('it rings with who and what, and is answered with audio alone', async () => {
    const phone = await openPhoneWithAddress();
    await phone.ring('in-1', offerOf('audio', 'video'));
    const { phase, peer, offersVideo, direction } = phone.call;
    assert.deepEqual(
      [phase, peer.uri, peer.displayName, offersVideo, direction],
      ['incoming', 'carol@example.org', 'Bob', true, 'incoming'],
    );
    assert.equal(phone.snapshot.activeCall, undefined);
    await answered(phone, 'in-1');
    assert.equal(phone.call.phase, 'established');
    assert.equal(phone.call.hasLocalVideo, false);
    assert.equal(phone.call.hasRemoteVideo, true);
    assert.equal(phone.snapshot.activeCall, 'in-1');
    assert.equal(phone.snapshot.permission, 'granted');
  });

  test('answered with video', async () => {
    const phone = await openPhoneWithAddress();
    await phone.ring('in-1', offerOf('audio', 'video'));
    await answered(phone, 'in-1', { video: true });
    assert.equal(phone.call.hasLocalVideo, true);
  });

  test('answered where no microphone may be used: it listens, and says so', async () => {
    const phone = await openPhoneWithAddress();
    phone.media.refusal = { audio: 'NotAllowedError' };
    await phone.ring('in-1');
    await answered(phone, 'in-1');
    assert.equal(phone.call.phase, 'established');
    assert.match(phone.snapshot.notices[0]?.sentence ?? '', /does not hear you/);
  });

  test('declined: the caller is told, here nothing is left but the list', async () => {
    const phone = await openPhoneWithAddress();
    phone.acceptAll();
    await phone.ring('in-1');
    phone.store.decline('in-1');
    await phone.pass(400);
    assert.equal(phone.world.carriedOut('session-terminate')[0]?.code, 603);
    assert.deepEqual(phone.snapshot.calls, []);
    assert.equal(phone.snapshot.ended, undefined);
    assert.equal(phone.snapshot.recents[0]?.direction, 'incoming');
  });

  test('missed while it rang here: told once, though the gateway tells of it too', async () => {
    const phone = await openPhoneWithAddress();
    await phone.ring('in-1');
    end(phone, 'in-1', '487 Request Terminated');
    const missed = {
      sylkrtc: 'account-event',
      account: phone.snapshot.own?.address,
      event: 'missed-session',
      originator: { uri: 'carol@example.org' },
    };
    phone.world.gateway.send(phone.world.gateway.socket, missed);
    await phone.pass(10);
    assert.deepEqual([phone.snapshot.ended?.kind, phone.snapshot.ended?.sentence], ['missed', 'Missed call from Bob.']);
    assert.deepEqual(phone.snapshot.notices, []);
    assert.deepEqual(
      phone.snapshot.recents.map(({ direction }) => direction),
      ['missed'],
    );
  });

  test('missed while nobody was here: a notice with whom to call back, at its own time', async () => {
    const phone = await openPhoneWithAddress();
    const timestamp = '2023-11-14T10:00:00Z';
    const missed = {
      sylkrtc: 'account-event',
      account: phone.snapshot.own?.address,
      event: 'missed-session',
      originator: { uri: 'dan@example.org', display_name: 'Dan' },
      timestamp,
    };
    phone.world.gateway.send(phone.world.gateway.socket, missed);
    await phone.pass(10);
    const [notice] = phone.snapshot.notices;
    assert.deepEqual(
      [notice?.kind, notice?.sentence, notice?.uri],
      ['missed', 'Missed call from Dan.', 'dan@example.org'],
    );
    assert.equal(phone.snapshot.recents[0]?.at, Date.parse(timestamp));
    phone.store.dismissNotice(notice?.id ?? '');
    assert.deepEqual(phone.snapshot.notices, []);
  });

  test('answered on another device: a line, not a screen', async () => {
    const phone = await openPhoneWithAddress();
    await phone.ring('in-1');
    end(phone, 'in-1', '200 Answered elsewhere');
    await phone.pass(10);
    assert.equal(phone.snapshot.ended, undefined);
    assert.equal(phone.snapshot.notices[0]?.sentence, 'The call from Bob was answered on another device.');
  });
});

describe('several calls', () => {
  async function talkingAndRinging(): Promise<PhoneWorld> {
    const phone = await openPhoneWithAddress();
    phone.acceptAll();
    await phone.talk();
    await phone.ring('in-2');
    return phone;
  }

  test('the second one rings while the first goes on; answering it holds the first', async () => {
    const phone = await talkingAndRinging();
    const [first] = phone.snapshot.calls;
    assert.equal(phone.snapshot.activeCall, first?.id);
    await answered(phone, 'in-2');
    const [held, active] = phone.snapshot.calls;
    assert.deepEqual([held?.isHeldByMe, active?.isHeldByMe, phone.snapshot.activeCall], [true, false, 'in-2']);
    assert.equal(active?.phase, 'established');
  });

  test('switching holds the one and resumes the other; when one ends, the other is in front', async () => {
    const phone = await talkingAndRinging();
    await answered(phone, 'in-2');
    const first = phone.snapshot.calls[0]?.id ?? '';
    await Promise.all([phone.store.hold(first, false), phone.pass(20)]);
    assert.deepEqual(
      phone.snapshot.calls.map(({ isHeldByMe }) => isHeldByMe),
      [false, true],
    );
    assert.equal(phone.snapshot.activeCall, first);
    phone.store.hangUp(first);
    await phone.pass(400);
    assert.equal(phone.snapshot.activeCall, 'in-2');
    assert.equal(phone.snapshot.notices[0]?.sentence, 'You hung up.');
  });

  test('a call placed while another runs holds that one', async () => {
    const phone = await openPhoneWithAddress();
    phone.acceptAll();
    await phone.talk();
    await phone.dial();
    assert.deepEqual(
      phone.snapshot.calls.map(({ isHeldByMe }) => isHeldByMe),
      [true, false],
    );
  });

  test('missed during a call it is a notice', async () => {
    const phone = await talkingAndRinging();
    end(phone, 'in-2', '487 Request Terminated');
    await phone.pass(10);
    assert.equal(phone.snapshot.ended, undefined);
    assert.equal(phone.snapshot.notices[0]?.kind, 'missed');
  });

  test('the fifth hears busy, and is not shown', async () => {
    const phone = await openPhoneWithAddress();
    for (const id of ['in-1', 'in-2', 'in-3', 'in-4', 'in-5']) await phone.ring(id);
    assert.equal(phone.snapshot.calls.length, 4);
    assert.deepEqual(
      phone.world.carriedOut('session-terminate').map(({ session, code }) => [session, code]),
      [['in-5', 486]],
    );
    await assert.rejects(phone.store.call('bob@example.org', { audio: true, video: false }), /too many calls/);
  });
});
