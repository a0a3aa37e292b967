import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPhone } from '../../../test/fakes/phone-world.ts';

describe('in a call', () => {
  test('hold and resume', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    phone.acceptAll();
    await Promise.all([phone.store.hold(id, true), phone.pass(10)]);
    assert.equal(phone.call.isHeldByMe, true);
    await Promise.all([phone.store.hold(id, false), phone.pass(10)]);
    assert.equal(phone.call.isHeldByMe, false);
    phone.world.gateway.refusals.set('session-update', 'no');
    const refused = assert.rejects(phone.store.hold(id, true), /could not be put on hold/);
    await phone.pass(10);
    await refused;
    phone.emit(id, { event: 'hold', held: true });
    await phone.pass(10);
    assert.equal(phone.call.isHeldByThem, true);
  });

  test('the camera is added, turned off and on without asking again', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    phone.acceptAll();
    await Promise.all([phone.store.camera(id, true), phone.pass(10)]);
    assert.equal(phone.call.hasLocalVideo, true);
    await phone.store.camera(id, false);
    assert.equal(phone.call.isCameraOff, true);
    assert.equal(phone.media.tracks.at(-1)?.enabled, false);
    await phone.store.camera(id, true);
    assert.equal(phone.call.isCameraOff, false);
    assert.equal(phone.media.opened.length, 2);
  });

  test('a screen is shared and taken back; thinking better of it is no error', async () => {
    const phone = await openPhone();
    const id = await phone.talk({ audio: true, video: true });
    await phone.store.shareScreen(id, true);
    assert.equal(phone.call.isSharingScreen, true);
    phone.media.tracks.at(-1)?.end();
    await phone.pass(10);
    assert.equal(phone.call.isSharingScreen, false);
    phone.media.refusal = { screen: 'NotAllowedError' };
    await phone.store.shareScreen(id, true);
    assert.equal(phone.call.isSharingScreen, false);
  });

  test('the other side asks for video: taken, refused, or not decided in time', async () => {
    for (const decision of [true, false, undefined]) {
      const phone = await openPhone();
      const id = await phone.talk();
      phone.emit(id, {
        event: 'update',
        state: 'received',
        sdp: 'v=0\r\nm=audio 9 X 1\r\na=mid:0\r\na=sendrecv\r\nm=video 9 X 1\r\na=mid:1\r\na=sendrecv\r\n',
      });
      await phone.pass(10);
      assert.equal(phone.call.wantsVideo, true);
      if (decision === undefined) await phone.pass(8_000);
      else void phone.store.acceptVideo(id, decision);
      await phone.pass(10);
      const answer = String(phone.world.carriedOut('session-update')[0]?.sdp);
      assert.match(answer, decision ? /m=video.*\r\n.*\r\na=recvonly/ : /m=video.*\r\n.*\r\na=inactive/);
      assert.equal(phone.call.wantsVideo, false);
      assert.equal(phone.call.hasRemoteVideo, decision === true);
    }
  });

  test('the own camera is the best answer to the other one', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    const sdp = 'v=0\r\nm=audio 9 X 1\r\na=mid:0\r\na=sendrecv\r\nm=video 9 X 1\r\na=mid:1\r\na=sendrecv\r\n';
    phone.emit(id, { event: 'update', state: 'received', sdp });
    await phone.pass(10);
    await Promise.all([phone.store.camera(id, true), phone.pass(10)]);
    assert.deepEqual([phone.call.wantsVideo, phone.call.hasLocalVideo, phone.call.hasRemoteVideo], [false, true, true]);
  });

  test('two changes at once: the second is told to wait', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    void phone.store.hold(id, true);
    await assert.rejects(phone.store.camera(id, true), /being changed already/);
  });

  test('digits go into the audio stream', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    phone.store.sendDtmf(id, '5');
    assert.equal(phone.world.peer.getTransceivers()[0]?.sender.dtmf?.toneBuffer, '5');
  });

  test('the quality is judged every two seconds', async () => {
    const phone = await openPhone();
    await phone.talk();
    const count = (packetsReceived: number, packetsLost: number) =>
      phone.world.peer.stats.set('in', {
        id: 'in',
        type: 'inbound-rtp',
        kind: 'audio',
        packetsReceived,
        packetsLost,
        jitter: 0.01,
      });
    count(100, 0);
    await phone.pass(2_000);
    assert.equal(phone.call.quality, undefined);
    count(200, 0);
    await phone.pass(2_000);
    assert.deepEqual(phone.call.quality, { bars: 3, sentence: 'The connection is good.' });
    count(280, 20);
    await phone.pass(2_000);
    assert.deepEqual(phone.call.quality, { bars: 1, sentence: 'The connection is weak: 20 % is lost.' });
    await phone.pass(2_000);
    assert.deepEqual(phone.call.quality, { bars: 0, sentence: 'Nothing arrives from the other side.' });
  });

  test('a lost socket shows after two seconds, a lost path at once', async () => {
    const phone = await openPhone();
    await phone.talk();
    phone.world.peer.becomeIce('connected');
    phone.world.gateway.isDown = true;
    phone.world.gateway.socket.cut();
    await phone.pass(1_900);
    assert.equal(phone.call.isReconnecting, false);
    await phone.pass(200);
    assert.equal(phone.call.isReconnecting, true);
    assert.equal(phone.snapshot.link, 'reconnecting');
    phone.world.gateway.isDown = false;
    await phone.pass(20_000);
    assert.equal(phone.call.isReconnecting, false);
    phone.world.peer.becomeIce('disconnected');
    assert.equal(phone.call.isReconnecting, true);
  });

  test('the ladder is fetched with the own address', async () => {
    const phone = await openPhone();
    const id = await phone.talk();
    assert.equal(await phone.store.ladder(id), 'the course of the call');
    const request = phone.browser.requests.at(-1);
    assert.equal(request?.path, `/api/calls/${id}`);
    const { authorization = '' } = Object(request?.init.headers);
    assert.match(
      Buffer.from(String(authorization).slice(6), 'base64').toString(),
      /^temp-1@example\.org:[0-9a-f]{32}$/,
    );
  });
});
