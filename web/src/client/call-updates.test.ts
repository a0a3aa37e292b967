import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptUpdates, dialled, directionsIn, established } from '../../../test/fakes/calls-of-alice.ts';
import type { ClientWorld } from '../../../test/fakes/client-world.ts';
import { fakeStream } from '../../../test/fakes/fake-media-stream.ts';
import { answerTo, offerOf } from '../../../test/fakes/fake-peer-connection.ts';

describe('changes of media', () => {
  const lastUpdate = (world: ClientWorld) => world.carriedOut('session-update').at(-1)?.sdp;

  test('hold stops both directions, unhold brings them back, and the streams stay', async () => {
    const { world, call } = await established({ audio: true, video: true });
    acceptUpdates(world, { withTransaction: false });
    const held = call.hold();
    await world.clock.advance(10);
    assert.equal(await held, true);
    assert.deepEqual(directionsIn(lastUpdate(world)), ['inactive', 'inactive']);
    assert.equal(call.isOnHold, true);
    assert.equal(call.getRemoteStreams()[0]?.getTracks().length, 2);
    const unheld = call.unhold();
    await world.clock.advance(10);
    assert.equal(await unheld, true);
    assert.deepEqual(directionsIn(lastUpdate(world)), ['sendrecv', 'sendrecv']);
    assert.equal(call.isOnHold, false);
  });

  test('holding what is on hold asks nobody', async () => {
    const { world, call } = await established();
    acceptUpdates(world);
    await Promise.all([call.hold(), world.clock.advance(10)]);
    await Promise.all([call.hold(), world.clock.advance(10)]);
    assert.equal(world.carriedOut('session-update').length, 1);
  });

  test('a refused hold is taken back', async () => {
    const { world, call } = await established();
    world.gateway.refusals.set('session-update', 'Invalid state for updating session x: accepted');
    const failures: string[] = [];
    call.on('updateFailed', (error) => failures.push(error.message));
    const held = call.hold();
    await world.clock.advance(10);
    assert.equal(await held, false);
    assert.deepEqual(failures, ['Invalid state for updating session x: accepted']);
    assert.equal(call.isOnHold, false);
    assert.equal(world.peer.signalingState, 'stable');
  });

  test('video is added on a new line, removed, and added again on the same one', async () => {
    const { world, call } = await established();
    acceptUpdates(world);
    const media: unknown[] = [];
    call.on('mediaUpdated', (now) => media.push(now));
    const camera = fakeStream({ audio: false, video: true });
    const added = call.addVideo({ localStream: camera });
    await world.clock.advance(10);
    assert.equal(await added, true);
    const removed = call.removeVideo();
    await world.clock.advance(10);
    assert.equal(await removed, true);
    assert.equal(camera.getVideoTracks()[0]?.readyState, 'ended');
    const again = call.addVideo({ localStream: fakeStream({ audio: false, video: true }) });
    await world.clock.advance(10);
    assert.equal(await again, true);
    assert.equal(directionsIn(lastUpdate(world)).length, 2);
    assert.deepEqual(media, [
      { hasLocalVideo: true, hasRemoteVideo: true },
      { hasLocalVideo: false, hasRemoteVideo: true },
      { hasLocalVideo: true, hasRemoteVideo: true },
    ]);
  });

  test('video that the other side refuses is stopped, and the call goes on as it was', async () => {
    const { world, call, localStream } = await established();
    world.gateway.onRequest = (request) => {
      if (request.sylkrtc === 'session-update')
        world.gateway.emit(call.id, { event: 'update', state: 'failed', reason: '488 Not Acceptable Here' });
    };
    const failures: string[] = [];
    call.on('updateFailed', (error) => failures.push(error.message));
    const camera = fakeStream({ audio: false, video: true });
    const added = call.addVideo({ localStream: camera });
    await world.clock.advance(10);
    assert.equal(await added, false);
    assert.deepEqual(failures, ['488 Not Acceptable Here']);
    assert.equal(camera.getVideoTracks()[0]?.readyState, 'ended');
    assert.equal(localStream.getVideoTracks().length, 0);
    assert.equal(call.state, 'established');
    acceptUpdates(world);
    const held = call.hold();
    await world.clock.advance(10);
    assert.equal(await held, true);
  });

  test('addVideo is refused without video, in the wrong state and during another update', async () => {
    const { call, world } = await established();
    assert.throws(() => call.addVideo({ localStream: fakeStream() }), /video track/);
    void call.hold();
    assert.throws(() => call.addVideo({ localStream: fakeStream({ video: true }) }), /under way/);
    await world.clock.advance(10);
    const early = await dialled();
    assert.throws(
      () => early.call.addVideo({ localStream: fakeStream({ video: true }) }),
      /cannot be changed in state null/,
    );
  });

  test('an update that nobody answers is given up after 70 s', async () => {
    const { call, world } = await established();
    const held = call.hold();
    await world.clock.advance(70_100);
    assert.equal(await held, false);
    assert.equal(world.peer.signalingState, 'stable');
  });

  test('the other side adds video: asked, answered with and without', async () => {
    for (const receiveVideo of [true, false]) {
      const { world, call } = await established();
      const requests: unknown[] = [];
      call.on('updateRequest', ({ remoteMediaDirections }) => requests.push(remoteMediaDirections));
      world.gateway.emit(call.id, { event: 'update', state: 'received', sdp: offerOf('audio', 'video') });
      await world.clock.advance(10);
      assert.deepEqual(requests, [{ audio: ['sendrecv'], video: ['sendrecv'] }]);
      const answered = call.answerUpdate({ receiveVideo });
      await world.clock.advance(10);
      assert.equal(await answered, true);
      assert.deepEqual(directionsIn(lastUpdate(world)), ['sendrecv', receiveVideo ? 'recvonly' : 'inactive']);
      assert.throws(() => call.answerUpdate(), /no update to answer/);
    }
  });

  test('video that comes late to an own camera has been asked for: nobody is asked again', async () => {
    const { world, call } = await established({ audio: true, video: true });
    const asked: unknown[] = [];
    call.on('updateRequest', () => asked.push('asked'));
    for (const offer of [offerOf('audio', 'video:recvonly'), offerOf('audio', 'video')]) {
      world.gateway.emit(call.id, { event: 'update', state: 'received', sdp: offer });
      await world.clock.advance(10);
    }
    assert.deepEqual(asked, []);
    assert.deepEqual(directionsIn(lastUpdate(world)), ['sendrecv', 'sendrecv']);
  });

  test('answered with an own camera, video goes both ways', async () => {
    const { world, call } = await established();
    world.gateway.emit(call.id, { event: 'update', state: 'received', sdp: offerOf('audio', 'video') });
    await world.clock.advance(10);
    void call.answerUpdate({ localStream: fakeStream({ audio: false, video: true }) });
    await world.clock.advance(10);
    assert.deepEqual(directionsIn(lastUpdate(world)), ['sendrecv', 'sendrecv']);
  });

  test('the other side takes video away: nobody is asked', async () => {
    const { world, call } = await established({ audio: true, video: true });
    const told: unknown[] = [];
    call.on('updateRequest', () => told.push('asked'));
    call.on('mediaUpdated', (media) => told.push(media));
    world.gateway.emit(call.id, { event: 'update', state: 'received', sdp: offerOf('audio', 'video:recvonly') });
    await world.clock.advance(10);
    assert.deepEqual(told, [{ hasLocalVideo: true, hasRemoteVideo: false }]);
    assert.deepEqual(directionsIn(lastUpdate(world)), ['sendrecv', 'sendonly']);
  });

  test('an offer that was taken back leaves the call as it was, and own changes go on', async () => {
    const { world, call } = await established();
    world.gateway.emit(call.id, { event: 'update', state: 'received', sdp: offerOf('audio', 'video') });
    await world.clock.advance(10);
    acceptUpdates(world);
    const held = call.hold();
    world.gateway.emit(call.id, { event: 'update', state: 'failed', reason: '408 Request Timeout' });
    await world.clock.advance(10);
    assert.equal(await held, true);
  });

  test('both sides at the same moment: named glare, the own update goes on', async () => {
    const { world, call } = await established();
    const failures: string[] = [];
    call.on('updateFailed', (error) => failures.push(error.name));
    const held = call.hold();
    await world.clock.advance(5);
    world.gateway.emit(call.id, { event: 'update', state: 'received', sdp: offerOf('audio', 'video') });
    const [update] = world.carriedOut('session-update');
    world.gateway.emit(call.id, { event: 'update', state: 'accepted', sdp: answerTo(String(update?.sdp)) });
    await world.clock.advance(10);
    assert.deepEqual(failures, ['glare']);
    assert.equal(await held, true);
  });

  test('an offer on the heels of the answer to an own one is taken after that', async () => {
    const { world, call } = await established({ audio: true, video: true });
    const failures: string[] = [];
    call.on('updateFailed', (error) => failures.push(error.name));
    const held = call.hold();
    await world.clock.advance(5);
    const [update] = world.carriedOut('session-update');
    world.gateway.emit(call.id, { event: 'update', state: 'accepted', sdp: answerTo(String(update?.sdp)) });
    world.gateway.emit(call.id, { event: 'update', state: 'received', sdp: offerOf('audio', 'video') });
    await world.clock.advance(10);
    assert.equal(await held, true);
    assert.deepEqual(failures, []);
    assert.equal(world.carriedOut('session-update').length, 2, 'the offer is answered');
  });

  test('the far hold is told and changes nothing here', async () => {
    const { world, call } = await established();
    const holds: unknown[] = [];
    call.on('hold', (change) => holds.push(change));
    world.gateway.emit(call.id, { event: 'hold', held: true });
    world.gateway.emit(call.id, { event: 'hold', held: false });
    await world.clock.advance(10);
    assert.deepEqual(holds, [{ held: true }, { held: false }]);
    assert.deepEqual(world.carriedOut('session-update'), []);
  });
});
