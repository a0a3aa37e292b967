import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dialled, directionsIn, established, ringing } from '../../../test/fakes/calls-of-alice.ts';
import { ClientWorld, writeStates } from '../../../test/fakes/client-world.ts';
import { FakeMediaStream, fakeStream } from '../../../test/fakes/fake-media-stream.ts';
import { answerTo, offerOf } from '../../../test/fakes/fake-peer-connection.ts';

describe('outgoing', () => {
  test('the offer leaves at once, with the secret and the headers, and nothing is trickled', async () => {
    const { create, call } = await dialled();
    assert.deepEqual(directionsIn(create.sdp), ['sendrecv']);
    assert.deepEqual(create.headers, [{ name: 'X-Shop', value: '7' }]);
    assert.match(String(create.resume), /^[\w-]{22,128}$/);
    assert.equal(call.direction, 'outgoing');
    assert.equal(String(call.localIdentity), 'Alice <alice@example.org>');
    assert.equal(call.remoteIdentity.uri, 'bob@example.org');
  });

  test('progress, ringing, accepted with the answer, established, ended by the other side', async () => {
    const { world, call, states, create } = await dialled();
    const streams: MediaStream[] = [];
    call.on('streamAdded', (stream) => streams.push(stream));
    world.gateway.emit(call.id, { event: 'state', state: 'progress' });
    world.gateway.emit(call.id, { event: 'state', state: 'proceeding', code: 181 });
    world.gateway.emit(call.id, { event: 'state', state: 'ringing' });
    world.gateway.emit(call.id, {
      event: 'state',
      state: 'accepted',
      sdp: answerTo(String(create.sdp)),
      call_id: 'sip-1',
      headers: { 'X-Agent': 'Bob' },
    });
    world.gateway.emit(call.id, { event: 'state', state: 'established' });
    await world.clock.advance(10);
    assert.equal(call.callId, 'sip-1');
    assert.deepEqual(call.headers, [{ name: 'X-Agent', value: 'Bob' }]);
    assert.equal(streams.length, 1);
    assert.equal(streams[0]?.getAudioTracks().length, 1);
    assert.deepEqual(call.remoteMediaDirections, { audio: ['sendrecv'] });
    world.gateway.emit(call.id, { event: 'state', state: 'terminated', reason: '200 OK' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['progress', 'proceeding', 'ringing', 'accepted', 'established', 'terminated 200 OK']);
    assert.equal(world.peer.signalingState, 'closed');
  });

  test('early media takes its answer; the later accepted has none', async () => {
    const { world, call, states, create } = await dialled();
    world.gateway.emit(call.id, {
      event: 'state',
      state: 'early-media',
      sdp: answerTo(String(create.sdp)),
      call_id: 'sip-2',
    });
    world.gateway.emit(call.id, { event: 'state', state: 'established' });
    world.gateway.emit(call.id, { event: 'state', state: 'accepted' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['early-media', 'established', 'accepted']);
    assert.equal(world.peer.signalingState, 'stable');
  });

  test('established waits until the answer has been taken', async () => {
    const { world, call, create } = await dialled();
    const seen: string[] = [];
    call.on('stateChanged', (_old, state) => seen.push(`${state} ${world.peer.signalingState}`));
    world.gateway.emit(call.id, { event: 'state', state: 'accepted', sdp: answerTo(String(create.sdp)) });
    world.gateway.emit(call.id, { event: 'state', state: 'established' });
    await world.clock.advance(10);
    assert.deepEqual(seen, ['accepted have-local-offer', 'established stable']);
  });

  test('a refused request ends the call with its words', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    world.gateway.refusals.set('session-create', 'Account not authenticated');
    const call = alice.call('bob@example.org', { localStream: fakeStream() });
    const states = writeStates(call);
    await world.clock.advance(10_000);
    assert.deepEqual(states, ['terminated Account not authenticated']);
    assert.deepEqual(world.carriedOut('session-terminate'), []);
  });

  test('an answer that the browser cannot read ends the call on both sides', async () => {
    const { world, call, states } = await dialled();
    world.gateway.emit(call.id, { event: 'state', state: 'accepted', sdp: 'nonsense' });
    await world.clock.advance(10);
    assert.match(states.join(), /^accepted,terminated no description/);
    assert.equal(world.carriedOut('session-terminate').length, 1);
  });

  test('without a microphone it listens; with offerToReceiveVideo it watches', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    alice.call('bob@example.org', { localStream: new FakeMediaStream(), offerOptions: { offerToReceiveVideo: true } });
    await world.clock.advance(10);
    assert.deepEqual(directionsIn(world.carriedOut('session-create')[0]?.sdp), ['recvonly', 'recvonly']);
    assert.throws(() => alice.call('bob@example.org', JSON.parse('{}')), /localStream/);
  });

  test('hung up before its request could leave, it never leaves', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    await world.clock.advance(10);
    const call = alice.call('bob@example.org', { localStream: fakeStream() });
    const states = writeStates(call);
    await world.clock.advance(10);
    call.terminate();
    world.gateway.isDown = false;
    await world.clock.advance(20_000);
    assert.deepEqual(states, ['terminated 200 OK']);
    assert.deepEqual(world.carriedOut('session-create'), []);
  });

  test('the connection is closed: the call is over', async () => {
    const { connection, states, world } = await established();
    connection.close();
    await world.clock.advance(10);
    assert.equal(states.at(-1), 'terminated connection closed');
  });
});

describe('incoming', () => {
  test('it rings, says so to the gateway, and shows who calls with what', async () => {
    const { world, call, media } = await ringing();
    assert.deepEqual(media, { audio: true, video: true });
    assert.equal(String(call.remoteIdentity), 'Bob <bob@example.org>');
    assert.equal(call.callId, 'call-in-1');
    assert.equal(call.state, 'incoming');
    assert.deepEqual(call.remoteMediaDirections, { audio: ['sendrecv'], video: ['sendrecv'] });
    assert.equal(world.carriedOut('session-ringing').length, 1);
  });

  test('video counts only when it is offered both ways', async () => {
    assert.deepEqual((await ringing(offerOf('audio', 'video:inactive'))).media, { audio: true, video: false });
    assert.deepEqual((await ringing(offerOf('audio:sendonly'))).media, { audio: false, video: false });
  });

  test('answered with audio it still receives their video, unless told not to', async () => {
    const { world, call, states } = await ringing();
    call.answer({ localStream: fakeStream() });
    await world.clock.advance(10);
    assert.deepEqual(directionsIn(world.carriedOut('session-answer')[0]?.sdp), ['sendrecv', 'recvonly']);
    world.gateway.emit(call.id, { event: 'state', state: 'accepted' });
    world.gateway.emit(call.id, { event: 'state', state: 'established' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['accepted', 'established']);
    assert.equal(call.getRemoteStreams()[0]?.getTracks().length, 2);

    const other = await ringing();
    other.call.answer({ localStream: fakeStream(), answerOptions: { offerToReceiveVideo: false } });
    await other.world.clock.advance(10);
    assert.deepEqual(directionsIn(other.world.carriedOut('session-answer')[0]?.sdp), ['sendrecv', 'inactive']);
  });

  test('it is answered once, and only while it rings', async () => {
    const { call, world } = await ringing();
    assert.throws(() => call.answer(JSON.parse('{}')), /localStream/);
    call.answer({ localStream: fakeStream() });
    assert.throws(() => call.answer({ localStream: fakeStream() }), /cannot be answered/);
    await world.clock.advance(10);
    const outgoing = await established();
    assert.throws(() => outgoing.call.answer({ localStream: fakeStream() }), /cannot be answered in state established/);
  });

  test('declined with its code; the gateway says how it ended', async () => {
    const { world, call, states } = await ringing();
    world.gateway.onRequest = (request) => {
      if (request.sylkrtc === 'session-terminate')
        world.gateway.emit('in-1', { event: 'state', state: 'terminated', reason: '603 Decline' });
    };
    call.terminate({ code: 603 });
    call.terminate();
    await world.clock.advance(400);
    assert.equal(world.carriedOut('session-terminate')[0]?.code, 603);
    assert.deepEqual(states, ['terminated 603 Decline']);
  });

  test('a hang-up that nobody confirms is over here after 300 ms', async () => {
    const { world, call, states } = await ringing();
    call.terminate();
    await world.clock.advance(299);
    assert.deepEqual(states, []);
    await world.clock.advance(2);
    assert.deepEqual(states, ['terminated 200 OK']);
    await world.clock.advance(10_000);
    world.gateway.emit('in-1', { event: 'state', state: 'terminated', reason: '486 Busy Here' });
    await world.clock.advance(10);
    assert.equal(states.length, 1);
  });

  test('the caller gives up', async () => {
    const { world, states } = await ringing();
    world.gateway.emit('in-1', { event: 'state', state: 'terminated', reason: '487 Request Terminated' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['terminated 487 Request Terminated']);
  });
});
