import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dialled, established, ringing } from '../../../test/fakes/calls-of-alice.ts';
import { ClientWorld, writeStates } from '../../../test/fakes/client-world.ts';
import { fakeStream } from '../../../test/fakes/fake-media-stream.ts';
import { answerTo, offerOf } from '../../../test/fakes/fake-peer-connection.ts';

describe('resume', () => {
  test('the application hears of it, and an update that had no answer gets it', async () => {
    const { world, call } = await established();
    let resumed = 0;
    call.on('resumed', () => resumed++);
    const held = call.hold();
    await world.clock.advance(3);
    const [update] = world.carriedOut('session-update');
    world.gateway.socket.cut();
    world.gateway.emit(call.id, {
      event: 'update',
      state: 'accepted',
      sdp: answerTo(String(update?.sdp)),
      transaction: update?.transaction,
    });
    await world.clock.advance(1_100);
    assert.equal(await held, true);
    assert.equal(resumed, 1);
    assert.equal(world.carriedOut('session-update').length, 1);
  });

  test('a gap in the numbers is asked for once more, on the same socket', async () => {
    const { world, call, states } = await dialled();
    const session = world.gateway.session(call.id);
    session.events.push({ sylkrtc: 'session-event', session: call.id, event: 'state', state: 'progress', seq: 1 });
    world.gateway.emit(call.id, { event: 'state', state: 'ringing' });
    await world.clock.advance(200);
    assert.deepEqual(states, []);
    await world.clock.advance(200);
    assert.deepEqual(states, ['progress', 'ringing']);
    assert.equal(world.gateway.sockets.length, 1);
  });

  test('events that the gateway has no more are given up, the later ones come', async () => {
    const { world, call, states } = await dialled();
    world.gateway.send(world.gateway.socket, {
      sylkrtc: 'session-event',
      session: call.id,
      event: 'state',
      state: 'ringing',
      seq: 5,
    });
    await world.clock.advance(3_000);
    assert.deepEqual(states, ['ringing']);
  });

  test('every 64 events one acknowledgement', async () => {
    const { world, call } = await established();
    for (let count = 0; count < 130; count++) world.gateway.emit(call.id, { event: 'dtmf', digit: '1', duration: 40 });
    await world.clock.advance(20);
    const acks = world.gateway.socket.sent
      .filter((frame) => frame.includes('session-ack'))
      .map((frame) => JSON.parse(frame).seq);
    assert.deepEqual(acks, [64, 128]);
  });

  test('a call that the gateway knows no more is over', async () => {
    const { world, call, states } = await established();
    world.gateway.sessions.delete(call.id);
    world.gateway.socket.cut();
    await world.clock.advance(1_100);
    assert.equal(states.at(-1), 'terminated 481 Call Does Not Exist');
  });

  test('a request for a call that is repeated and refused does not end what has begun', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    const call = alice.call('bob@example.org', { localStream: fakeStream() });
    const states = writeStates(call);
    world.gateway.unanswered.add('session-create');
    await world.clock.advance(10);
    world.gateway.emit(call.id, { event: 'state', state: 'progress' });
    await world.clock.advance(10);
    world.gateway.unanswered.clear();
    world.gateway.refusals.set('session-create', 'No media server available');
    world.gateway.socket.cut();
    await world.clock.advance(1_100);
    assert.deepEqual(states, ['progress']);
    world.gateway.emit(call.id, { event: 'state', state: 'terminated', reason: '503 Media server lost' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['progress', 'terminated 503 Media server lost']);
  });

  test('a request that is lost behind the gateway is sent again on the same socket, until it is answered', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    world.gateway.unanswered.add('session-create');
    const states = writeStates(alice.call('bob@example.org', { localStream: fakeStream() }));
    await world.clock.advance(5_000);
    const sent = () => world.gateway.socket.sent.filter((frame) => frame.includes('session-create'));
    assert.equal(sent().length, 2);
    assert.equal(sent()[0], sent()[1]);
    world.gateway.unanswered.clear();
    await world.clock.advance(60_000);
    assert.equal(sent().length, 3);
    assert.equal(world.carriedOut('session-create').length, 1);
    assert.equal(world.gateway.sockets.length, 1);
    assert.deepEqual(states, []);
  });

  test('hung up while there is no socket: over here at once, and at the gateway when it is back', async () => {
    const { world, call, states } = await established();
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    await world.clock.advance(100);
    call.terminate();
    call.on('resumed', () => states.push('resumed'));
    await world.clock.advance(400);
    world.gateway.isDown = false;
    await world.clock.advance(20_000);
    assert.equal(world.carriedOut('session-terminate').length, 1);
    assert.equal(states.at(-1), 'terminated 200 OK');
  });

  test('another page resumed the call: it ends here without ending there', async () => {
    const { world, call, states } = await established();
    let replaced = 0;
    call.on('replaced', () => replaced++);
    world.gateway.send(world.gateway.socket, { sylkrtc: 'session-event', session: call.id, event: 'replaced' });
    await world.clock.advance(1_000);
    assert.equal(replaced, 1);
    assert.equal(states.at(-1), 'terminated 200 Continued elsewhere');
    assert.deepEqual(world.carriedOut('session-terminate'), []);
  });

  test('a server of the older kind forgets calls with their socket, and so do we', async () => {
    const world = new ClientWorld({ version: null });
    const { alice } = await world.signIn();
    const call = alice.call('bob@example.org', { localStream: fakeStream() });
    const states = writeStates(call);
    await world.clock.advance(10);
    world.gateway.emit(call.id, { event: 'state', state: 'progress' });
    await world.clock.advance(10);
    world.gateway.socket.cut();
    await world.clock.advance(1_100);
    assert.deepEqual(states, ['progress', 'terminated 481 Call Does Not Exist']);
    assert.equal(
      world.gateway.socket.sent.some((frame) => frame.includes('session-resume')),
      false,
    );
  });
});

describe('a socket that is lost while it rings here', () => {
  test('the call is announced again and goes on ringing', async () => {
    const { world, call, states } = await ringing();
    world.gateway.socket.cut();
    await world.clock.advance(1_100);
    assert.equal(call.state, 'incoming');
    call.answer({ localStream: fakeStream() });
    await world.clock.advance(10);
    world.gateway.emit(call.id, { event: 'state', state: 'accepted' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['accepted']);
  });

  test('an answer that the gateway never got is given anew to the new offer', async () => {
    const { world, call, states } = await ringing();
    call.answer({ localStream: fakeStream() });
    await world.clock.advance(0);
    world.gateway.socket.cut();
    world.gateway.session(call.id).offer = offerOf('audio');
    await world.clock.advance(1_100);
    assert.equal(world.carriedOut('session-answer').length, 1);
    world.gateway.emit(call.id, { event: 'state', state: 'accepted' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['accepted']);
    assert.equal(world.peers[0]?.signalingState, 'closed');
  });

  test('an answer that the gateway never got is given once more to the same offer, by the same peer connection', async () => {
    const { world, call, states } = await ringing();
    call.answer({ localStream: fakeStream() });
    await world.clock.advance(0);
    world.gateway.socket.cut();
    await world.clock.advance(1_100);
    assert.equal(world.carriedOut('session-answer').length, 1);
    world.gateway.emit(call.id, { event: 'state', state: 'accepted' });
    await world.clock.advance(10);
    assert.deepEqual(states, ['accepted']);
    assert.equal(world.peers.length, 1);
  });

  test('an answer whose ack was lost is not given twice', async () => {
    const { world, call, states } = await ringing();
    call.answer({ localStream: fakeStream() });
    await world.clock.advance(1);
    world.gateway.socket.cut();
    world.gateway.emit(call.id, { event: 'state', state: 'accepted' });
    await world.clock.advance(1_100);
    assert.equal(world.carriedOut('session-answer').length, 1);
    assert.deepEqual(states, ['accepted']);
  });

  test('a caller who gave up meanwhile: it stops ringing 5 s after the socket is back', async () => {
    const { world, call, states } = await ringing();
    world.gateway.socket.cut();
    world.gateway.sessions.delete(call.id);
    await world.clock.advance(5_900);
    assert.deepEqual(states, []);
    await world.clock.advance(300);
    assert.deepEqual(states, ['terminated 487 Request Terminated']);
  });

  test('declined without a socket: it does not ring again, and the gateway is told', async () => {
    const { world, alice, call } = await ringing();
    let rings = 0;
    alice.on('incomingCall', () => rings++);
    world.gateway.socket.cut();
    await world.clock.advance(10);
    call.terminate({ code: 603 });
    await world.clock.advance(1_200);
    assert.equal(rings, 0);
    assert.equal(world.carriedOut('session-terminate')[0]?.code, 603);
  });
});
