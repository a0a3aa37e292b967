import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerTo } from '../../../test/fakes/fake-peer-connection.ts';
import { openPhone, PhoneWorld } from '../../../test/fakes/phone-world.ts';

describe('an outgoing call', () => {
  test('the first one of a newcomer: the browser asks, a temporary address is got, the call goes out', async () => {
    const phone = await openPhone();
    phone.media.isAsking = true;
    const dialled = phone.store.call('bob@example.org', { audio: true, video: false });
    await phone.pass(20);
    assert.equal(phone.snapshot.permission, 'asking');
    assert.equal(phone.call.phase, 'devices');
    assert.equal(phone.snapshot.activeCall, phone.call.id);
    phone.media.answerQuestion();
    await phone.pass(50);
    assert.equal(await dialled, phone.call.id);
    assert.equal(phone.call.phase, 'calling');
    assert.equal(phone.snapshot.permission, 'granted');
    const { address, lifetime, registration } = phone.snapshot.own ?? {};
    assert.deepEqual([address, lifetime, registration], ['temp-1@example.org', 'temporary', 'registered']);
    assert.deepEqual(phone.snapshot.ownState, { busy: false });
    assert.equal(phone.world.carriedOut('session-create')[0]?.account, 'temp-1@example.org');
  });

  test('a network that lets nothing through: what it would have to let through is shown', async () => {
    const phone = await openPhone();
    const id = await phone.dial();
    const candidates = ['udp', 'tcp'].map((kind) => `a=candidate:1 1 ${kind} 1 192.0.2.7 40000 typ host\r\n`).join('');
    const offered = String(phone.world.carriedOut('session-create')[0]?.sdp);
    phone.emit(id, { event: 'state', state: 'accepted', sdp: answerTo(offered) + candidates });
    await phone.pass(10);
    phone.emit(id, { event: 'state', state: 'terminated', reason: '408 ICE failed' });
    await phone.pass(10);
    const { kind, sentence, unreached } = phone.snapshot.ended ?? {};
    assert.equal(kind, 'failed');
    assert.match(sentence ?? '', /Your network blocks calls/);
    assert.deepEqual(unreached, [
      { protocol: 'udp', address: '192.0.2.7', port: 40_000 },
      { protocol: 'tcp', address: '192.0.2.7', port: 40_000 },
    ]);
  });

  test('ringing, answered, media up, ended by the other side, and then among the recents', async () => {
    const phone = await openPhone();
    const id = await phone.dial();
    const phases: string[] = [];
    phone.store.subscribe(({ calls }) => {
      const phase = calls[0]?.phase;
      if (phase !== undefined && phase !== phases.at(-1)) phases.push(phase);
    });
    phone.emit(id, { event: 'state', state: 'progress' });
    phone.emit(id, { event: 'state', state: 'ringing' });
    phone.emit(id, { event: 'state', state: 'proceeding', code: 182 });
    await phone.pass(1_000);
    await phone.answeredByBob();
    assert.equal(phone.browser.awake, 1);
    await phone.pass(60_000);
    phone.emit(id, { event: 'state', state: 'terminated', reason: '200 OK' });
    await phone.pass(10);
    assert.deepEqual(phases, ['calling', 'ringing', 'connecting', 'established']);
    const { sentence, kind, durationMs } = phone.snapshot.ended ?? {};
    assert.deepEqual([kind, sentence, Math.round((durationMs ?? 0) / 1000)], ['ok', 'bob@example.org hung up.', 60]);
    assert.equal(phone.snapshot.recents[0]?.uri, 'bob@example.org');
    assert.equal(phone.media.tracks[0]?.readyState, 'ended');
    assert.equal(phone.browser.awake, 0);
    phone.store.dismissEnded();
    assert.equal(phone.snapshot.ended, undefined);
  });

  test('early media is heard before the answer, and stays so until it is answered', async () => {
    const phone = await openPhone();
    const id = await phone.dial();
    const sdp = String(phone.world.carriedOut('session-create')[0]?.sdp);
    phone.emit(id, { event: 'state', state: 'early-media', sdp });
    phone.emit(id, { event: 'state', state: 'established' });
    await phone.pass(10);
    assert.equal(phone.call.phase, 'early');
    phone.emit(id, { event: 'state', state: 'accepted' });
    await phone.pass(10);
    assert.equal(phone.call.phase, 'established');
  });

  test('refused with a code: the sentence is for a person, the code for the details', async () => {
    const phone = await openPhone();
    const id = await phone.dial();
    phone.emit(id, { event: 'state', state: 'terminated', reason: '404 Not Found' });
    await phone.pass(10);
    const { kind, sentence, reason } = phone.snapshot.ended ?? {};
    assert.deepEqual(
      [kind, sentence, reason],
      ['failed', 'No one has the address bob@example.org. Check the spelling.', '404 Not Found'],
    );
  });

  test('cancelled by this side', async () => {
    const phone = await openPhone();
    const id = await phone.dial();
    phone.store.hangUp(id);
    assert.equal(phone.call.phase, 'ending');
    await phone.pass(400);
    assert.equal(phone.snapshot.ended?.sentence, 'You cancelled.');
  });

  test('hung up while the browser still asks: nothing leaves, and the microphone is let go', async () => {
    const phone = await openPhone();
    phone.media.isAsking = true;
    const dialled = phone.store.call('bob@example.org', { audio: true, video: false });
    await phone.pass(20);
    phone.store.hangUp(phone.call.id);
    assert.deepEqual(phone.snapshot.calls, []);
    phone.media.answerQuestion();
    await phone.pass(50);
    assert.equal(typeof (await dialled), 'string');
    assert.equal(phone.media.tracks[0]?.readyState, 'ended');
    assert.deepEqual(phone.world.carriedOut('session-create'), []);
  });

  test('a bare name is of the own domain, a scheme is taken off', async () => {
    const phone = await openPhone();
    await Promise.all([phone.store.call('echo', { audio: true, video: false }), phone.pass(50)]);
    await Promise.all([phone.store.call('sip:bob@phone.example', { audio: true, video: false }), phone.pass(50)]);
    assert.deepEqual(
      phone.world.carriedOut('session-create').map(({ uri }) => uri),
      ['echo@example.org', 'bob@phone.example'],
    );
    await assert.rejects(phone.store.call('  ', { audio: true, video: false }), /Write whom you want to call/);
  });
});

describe('microphone and camera', () => {
  test('denied: no call, the sentence, and the way to listen only', async () => {
    const phone = await openPhone();
    phone.media.refusal = { audio: 'NotAllowedError' };
    await assert.rejects(phone.store.call('bob@example.org', { audio: true, video: false }), /blocks your microphone/);
    assert.equal(phone.snapshot.permission, 'denied');
    assert.deepEqual(phone.snapshot.calls, []);
    await Promise.all([phone.store.call('bob@example.org', { audio: false, video: false }), phone.pass(50)]);
    assert.match(String(phone.world.carriedOut('session-create')[0]?.sdp), /a=recvonly/);
  });

  test('no microphone at all', async () => {
    const phone = new PhoneWorld();
    phone.media.devices = [];
    phone.media.refusal = { audio: 'NotFoundError' };
    await phone.open();
    assert.equal(phone.snapshot.place, 'no-microphone');
    await assert.rejects(phone.store.call('bob@example.org', { audio: true, video: false }), /No microphone was found/);
    assert.equal(phone.snapshot.permission, 'none');
    phone.media.change([{ kind: 'audioinput', id: 'mic', label: '' }]);
    await phone.pass(1);
    assert.equal(phone.snapshot.place, undefined);
  });

  test('no camera: the call goes on without, and still asks for the other picture', async () => {
    const phone = await openPhone();
    phone.media.refusal = { video: 'NotFoundError' };
    await phone.dial({ audio: true, video: true });
    assert.equal(phone.call.hasLocalVideo, false);
    assert.match(phone.snapshot.notices[0]?.sentence ?? '', /No camera could be used/);
    assert.match(String(phone.world.carriedOut('session-create')[0]?.sdp), /m=video.*\r\n.*\r\na=recvonly/);
  });

  test('another device in mid-call, and one that is unplugged', async () => {
    const phone = await openPhone();
    await phone.talk();
    await phone.store.chooseDevice('microphone', 'mic-2');
    assert.equal(phone.snapshot.devices.microphone, 'mic-2');
    assert.equal(phone.world.peer.getSenders()[0]?.track?.label, 'Headset');
    const headset = phone.media.tracks.at(-1);
    phone.media.change(phone.media.devices.filter(({ id }) => id !== 'mic-2'));
    headset?.end();
    await phone.pass(10);
    assert.equal(phone.world.peer.getSenders()[0]?.track?.label, 'Built-in microphone');
    assert.deepEqual(
      phone.snapshot.notices.map(({ sentence }) => sentence),
      ['The microphone was unplugged.', 'Now using Built-in microphone.'],
    );
    phone.media.change([...phone.media.devices, { kind: 'audioinput', id: 'mic-2', label: 'Headset' }]);
    await phone.pass(10);
    assert.equal(phone.world.peer.getSenders()[0]?.track?.label, 'Headset', 'the chosen one is back');
  });

  test('a muted call stays muted with another microphone', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    phone.store.mute(id, true);
    await phone.store.chooseDevice('microphone', 'mic-2');
    assert.equal(phone.call.isMuted, true);
    assert.equal(phone.world.peer.getSenders()[0]?.track?.enabled, false);
  });
});
