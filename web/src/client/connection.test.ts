import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClientWorld, writeConnectionStates } from '../../../test/fakes/client-world.ts';
import { fakeStream } from '../../../test/fakes/fake-media-stream.ts';

describe('states', () => {
  test('half a second after its making it connects, and is ready by the ready-event', async () => {
    const world = new ClientWorld();
    const connection = world.connect();
    const states = writeConnectionStates(connection);
    await world.clock.advance(499);
    assert.equal(connection.state, null);
    await world.clock.advance(20);
    assert.deepEqual(states, ['null -> connecting', 'connecting -> connected', 'connected -> ready']);
    assert.equal(world.gateway.socket.protocol, 'sylkRTC-2');
    assert.equal(connection.domain, 'example.org');
  });

  test('close ends in closed and connects no more', async () => {
    const world = new ClientWorld();
    const { connection } = await world.signIn();
    const states = writeConnectionStates(connection);
    connection.close();
    connection.reconnect();
    connection.checkNetwork();
    await world.clock.advance(120_000);
    assert.deepEqual(states, ['ready -> disconnected', 'disconnected -> closed']);
    assert.equal(world.gateway.sockets.length, 1);
    assert.equal(world.clock.pending, 0, 'timers are left');
  });
});

describe('reconnecting', () => {
  test('the delay doubles from 1 to 16 s, then the round begins anew with half a second', async () => {
    const world = new ClientWorld();
    await world.signIn();
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    const attempts: number[] = [];
    let last = world.clock.now();
    while (attempts.length < 8) {
      const before = world.gateway.sockets.length;
      await world.clock.advance(100);
      if (world.gateway.sockets.length === before) continue;
      attempts.push(Math.round((world.clock.now() - last) / 500) * 500);
      last = world.clock.now();
    }
    assert.deepEqual(attempts, [1000, 2000, 4000, 8000, 16_000, 500, 1000, 2000]);
  });

  test('an attempt that nothing answers is given up after 10 s', async () => {
    const world = new ClientWorld();
    const connection = world.connect({
      environment: {
        ...world.environment,
        openSocket: () => ({ send: () => undefined, close: () => undefined, addEventListener: () => undefined }),
      },
    });
    await world.clock.advance(10_600);
    assert.equal(connection.state, 'disconnected');
  });

  test('reconnect() does not wait for the back-off', async () => {
    const world = new ClientWorld();
    const { connection } = await world.signIn();
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    await world.clock.advance(20_000);
    world.gateway.isDown = false;
    assert.equal(connection.state, 'disconnected');
    connection.reconnect();
    await world.clock.advance(600);
    assert.equal(connection.state, 'ready');
  });

  test('accounts are added and registered anew, and for the application they stayed registered', async () => {
    const world = new ClientWorld();
    const { connection, alice } = await world.signIn();
    const changes: unknown[] = [];
    alice.on('registrationStateChanged', (_old, state) => changes.push(state));
    world.gateway.socket.cut();
    await world.clock.advance(1_100);
    assert.equal(connection.state, 'ready');
    assert.deepEqual(
      world.gateway.carriedOut.map((request) => `${request.sylkrtc} ${request.device ?? ''}`),
      ['account-add alice-browser', 'account-register ', 'account-add alice-browser', 'account-register '],
    );
    assert.deepEqual(changes, []);
    assert.equal(alice.registrationState, 'registered');
  });

  test('an account that is refused after a lost socket fails, with the reason', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    const failures: unknown[] = [];
    alice.on('registrationStateChanged', (_old, state, data) => failures.push([state, data.reason]));
    world.gateway.refusals.set('account-add', 'SIP domain not allowed: example.org');
    world.gateway.socket.cut();
    await world.clock.advance(1_100);
    assert.deepEqual(failures, [['failed', 'SIP domain not allowed: example.org']]);
  });
});

describe('keep-alive', () => {
  const pings = (world: ClientWorld) => world.gateway.socket.sent.filter((frame) => frame.includes('"ping"')).length;

  test('one ping in 4 minutes of silence, one in 30 s during a call', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    const atFirst = pings(world);
    await world.clock.advance(241_000);
    assert.equal(pings(world) - atFirst, 1);
    alice.call('bob@example.org', { localStream: fakeStream() });
    await world.clock.advance(10);
    const before = pings(world);
    await world.clock.advance(95_000);
    assert.equal(pings(world) - before, 3);
  });

  test('a socket that three pings do not wake is dropped', async () => {
    const world = new ClientWorld();
    const { connection } = await world.signIn();
    const states = writeConnectionStates(connection);
    world.gateway.socket.isSilent = true;
    await world.clock.advance(240_000 + 14_900);
    assert.deepEqual(states, []);
    await world.clock.advance(1_200);
    assert.deepEqual(states, [
      'ready -> disconnected',
      'disconnected -> connecting',
      'connecting -> connected',
      'connected -> ready',
    ]);
  });

  test('an unanswered request is followed by a ping soon', async () => {
    const world = new ClientWorld();
    const { connection } = await world.signIn();
    world.gateway.socket.isSilent = true;
    connection.lookupPublicKey('bob@example.org');
    await world.clock.advance(21_500);
    assert.equal(connection.state, 'ready');
    assert.equal(world.gateway.sockets.length, 2);
  });
});
