import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptUpdates, established } from '../../../test/fakes/calls-of-alice.ts';
import { FakeTrack } from '../../../test/fakes/fake-media-stream.ts';

describe('screen sharing', () => {
  test('in a video call the track is exchanged, and the camera comes back', async () => {
    const { world, call, localStream } = await established({ audio: true, video: true });
    const [camera] = localStream.getVideoTracks();
    const screen = new FakeTrack('video', { label: 'screen' });
    assert.equal(await call.startScreensharing(screen), true);
    assert.equal(call.sharingScreen, true);
    assert.equal(call.getSenders()[1]?.track, screen);
    screen.end();
    await world.clock.advance(1);
    assert.equal(call.sharingScreen, false);
    assert.equal(call.getSenders()[1]?.track, camera);
    assert.deepEqual(world.carriedOut('session-update'), []);
  });

  test('in an audio call the screen is added as video, and removed again', async () => {
    const { world, call } = await established();
    acceptUpdates(world);
    const screen = new FakeTrack('video');
    const started = call.startScreensharing(screen);
    await world.clock.advance(10);
    assert.equal(await started, true);
    void call.stopScreensharing();
    await world.clock.advance(10);
    assert.equal(world.carriedOut('session-update').length, 2);
    assert.equal(screen.readyState, 'ended');
    assert.equal(call.sharingScreen, false);
  });

  test('replaceTrack exchanges what is sent, and says when there is nothing to exchange', async () => {
    const { call, localStream } = await established();
    const [microphone] = localStream.getAudioTracks();
    assert.ok(microphone);
    const headset = new FakeTrack('audio');
    const results: boolean[] = [];
    assert.equal(await call.replaceTrack(microphone, headset, false, (isDone) => results.push(isDone)), true);
    assert.equal(microphone.readyState, 'ended');
    assert.equal(await call.replaceTrack(microphone, headset, true, (isDone) => results.push(isDone)), false);
    assert.deepEqual(results, [true, false]);
    assert.deepEqual(localStream.getAudioTracks(), [headset]);
  });
});

describe('digits and messages', () => {
  test('digits leave over signalling by default, or in the audio stream', async () => {
    const { world, call } = await established();
    const sent: string[] = [];
    call.on('dtmfToneSent', (tone) => sent.push(tone));
    call.sendDtmf('12#');
    await world.clock.advance(5);
    assert.equal(world.carriedOut('session-dtmf-info')[0]?.digit, '12#');
    call.sendDtmf('45', 100, 70, 'rfc4733');
    call.sendDtmf('6', 100, 70, 'rfc4733');
    const dtmf = world.peer.getTransceivers()[0]?.sender.dtmf;
    for (let tone = 0; tone < 4; tone++) dtmf?.play();
    assert.deepEqual(sent, ['4', '5', '6', '']);
  });

  test('a digit of the other side is told', async () => {
    const { world, call } = await established();
    const digits: unknown[] = [];
    call.on('dtmf', (press) => digits.push(press));
    world.gateway.emit(call.id, { event: 'dtmf', digit: '5', duration: 120 });
    await world.clock.advance(5);
    assert.deepEqual(digits, [{ digit: '5', duration: 120 }]);
  });

  test('messages within the call go both ways, and their fate is told', async () => {
    const { world, call } = await established();
    const told: unknown[] = [];
    call.on('sendingMessage', (message) => told.push(['sending', message.content]));
    call.on('messageStateChanged', (_id, state, { code }) => told.push([state, code]));
    call.on('incomingMessage', (message) => told.push([message.sender.uri, message.content, message.contentType]));
    const message = call.sendMessage('hello');
    await world.clock.advance(5);
    const fields = { message_timestamp: '', code: 200, reason: 'OK' };
    world.gateway.emit(call.id, {
      event: 'disposition-notification',
      message_id: message.id,
      state: 'accepted',
      ...fields,
    });
    world.gateway.emit(call.id, {
      event: 'message',
      sender: { uri: 'bob@example.org' },
      message_id: 'm2',
      content: 'hi',
      content_type: 'text/plain',
      timestamp: '2026-01-31T10:15:00Z',
    });
    await world.clock.advance(5);
    assert.deepEqual(told, [
      ['sending', 'hello'],
      ['accepted', 200],
      ['bob@example.org', 'hi', 'text/plain'],
    ]);
    assert.equal(message.state, 'accepted');
  });
});
