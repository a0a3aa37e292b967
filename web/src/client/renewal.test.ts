import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClientWorld, writeConnectionStates, writeStates } from '../../../test/fakes/client-world.ts';
import { fakeStream } from '../../../test/fakes/fake-media-stream.ts';

describe('renewal of the socket', () => {
  async function inCall(world: ClientWorld) {
    const signedIn = await world.signIn();
    const call = signedIn.alice.call('bob@example.org', { localStream: fakeStream() });
    await world.clock.advance(10);
    world.gateway.emit(call.id, { event: 'state', state: 'progress' });
    await world.clock.advance(10);
    return { ...signedIn, call };
  }

  test('before 110 minutes a second socket takes over before the first one goes, and nobody sees it', async () => {
    const world = new ClientWorld();
    const { connection, call } = await inCall(world);
    const states = [...writeConnectionStates(connection), ...writeStates(call)];
    const [first] = world.gateway.sockets;
    await world.clock.advance(109 * 60_000);
    assert.equal(world.gateway.sockets.length, 1);
    await world.clock.advance(60_000);
    assert.equal(world.gateway.sockets.length, 2);
    assert.equal(first?.isOver, true);
    assert.equal(world.gateway.session(call.id).socket, world.gateway.socket);
    world.gateway.emit(call.id, { event: 'state', state: 'ringing' });
    await world.clock.advance(10);
    assert.equal(call.state, 'ringing');
    assert.deepEqual(states, []);
    assert.equal(connection.state, 'ready');
  });

  test('a renewal that fails leaves the old socket in use, and is tried again', async () => {
    const world = new ClientWorld();
    const { connection, call } = await inCall(world);
    world.gateway.isDown = true;
    await world.clock.advance(110 * 60_000);
    assert.equal(connection.state, 'ready');
    world.gateway.emit(call.id, { event: 'state', state: 'ringing' });
    await world.clock.advance(10);
    assert.equal(call.state, 'ringing');
    world.gateway.isDown = false;
    await world.clock.advance(31_000);
    assert.equal(world.gateway.session(call.id).socket, world.gateway.socket);
  });

  test('the new socket dies while it takes over: the call returns to the old one', async () => {
    const world = new ClientWorld();
    const { connection, call } = await inCall(world);
    const [first] = world.gateway.sockets;
    const states = writeConnectionStates(connection);
    connection.checkNetwork();
    await world.clock.advance(4);
    world.gateway.socket.cut();
    await world.clock.advance(50);
    assert.ok(world.gateway.session(call.id).socket === first, 'the call is not on the old socket');
    world.gateway.emit(call.id, { event: 'state', state: 'ringing' });
    await world.clock.advance(10);
    assert.equal(call.state, 'ringing');
    assert.deepEqual(states, []);
  });

  test('the old socket dies during the renewal: the new one goes on without a change of state', async () => {
    const world = new ClientWorld();
    const { connection, call } = await inCall(world);
    const states = writeConnectionStates(connection);
    connection.checkNetwork();
    await world.clock.advance(2);
    world.gateway.sockets[0]?.cut();
    await world.clock.advance(50);
    assert.equal(world.gateway.session(call.id).socket, world.gateway.socket);
    assert.deepEqual(states, []);
  });

  test('while a call rings here, the renewal waits', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn({ renewAfterMs: 60_000 });
    alice.on('incomingCall', () => undefined);
    await world.clock.advance(50_000);
    world.gateway.ring('in-1', { account: alice.id, from: 'bob@example.org', offer: 'v=0' });
    await world.clock.advance(20_000);
    assert.equal(world.gateway.sockets.length, 1);
    world.gateway.emit('in-1', { event: 'state', state: 'terminated', reason: '487 Request Terminated' });
    await world.clock.advance(31_000);
    assert.equal(world.gateway.sockets.length, 2);
  });

  test('another network: a fresh socket at once', async () => {
    const world = new ClientWorld();
    const { call } = await inCall(world);
    world.changeNetwork();
    await world.clock.advance(20);
    assert.equal(world.gateway.sockets.length, 2);
    assert.equal(world.gateway.session(call.id).socket, world.gateway.socket);
  });
});
