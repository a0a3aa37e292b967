import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { ClientWorld, writeStates } from '../../../test/fakes/client-world.ts';
import { fakeStream } from '../../../test/fakes/fake-media-stream.ts';
import type { Connection } from './connection.ts';

function writeConnectionStates(connection: Connection): string[] {
  const states: string[] = [];
  connection.on('stateChanged', (from, to) => states.push(`${from} -> ${to}`));
  return states;
}

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
    for (let step = 0; attempts.length < 8; step++) {
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

describe('accounts', () => {
  test('what does not make an account is refused at once', async () => {
    const world = new ClientWorld();
    const { connection, alice } = await world.signIn();
    assert.throws(() => connection.addAccount({ account: 'alice', password: 'x' }), /expected 'user@domain'/);
    assert.throws(() => connection.addAccount({ account: 'bob@example.org', password: '' }), /needs a password/);
    assert.throws(() => connection.addAccount({ account: alice.id, password: 'x' }), /already added/);
    connection.removeAccount(alice);
    assert.throws(() => connection.removeAccount(alice), /Unknown account/);
  });

  test('the password leaves as HA1, or as it is when it is one already', async () => {
    const world = new ClientWorld();
    const { connection } = await world.signIn();
    connection.addAccount({ account: 'bob@example.org', password: '0123', ha1: false });
    connection.addAccount({ account: 'carol@example.org', password: 'secret', realm: 'other.org' });
    await world.clock.advance(10);
    const digest = (text: string) => createHash('md5').update(text).digest('hex');
    const expected = [digest('alice:example.org:secret'), '0123', digest('carol:other.org:secret')];
    assert.deepEqual(
      world.carriedOut('account-add').map((request) => request.password),
      expected,
    );
  });

  test('a refused account is told and forgotten', async () => {
    const world = new ClientWorld();
    const { connection } = await world.signIn();
    world.gateway.refusals.set('account-add', 'SIP domain not allowed: other.org');
    const results: unknown[] = [];
    connection.addAccount({ account: 'bob@other.org', password: 'x' }, (error, account) =>
      results.push(error?.message, account),
    );
    await world.clock.advance(10);
    assert.deepEqual(results, ['SIP domain not allowed: other.org', null]);
    world.gateway.refusals.clear();
    connection.addAccount({ account: 'bob@other.org', password: 'x' });
  });

  test('before the connection is ready, and after its loss, the answer says so', async () => {
    const world = new ClientWorld();
    const connection = world.connect();
    const errors: unknown[] = [];
    connection.addAccount({ account: 'alice@example.org', password: 'x' }, (error) => errors.push(error?.message));
    await world.clock.advance(600);
    connection.addAccount({ account: 'alice@example.org', password: 'x' }, (error) => errors.push(error?.message));
    world.gateway.socket.cut();
    await world.clock.advance(10);
    assert.deepEqual(errors, ['Connection is not ready', 'Connection closed']);
  });

  test('register and unregister, and a refused password', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    const changes: unknown[] = [];
    alice.on('registrationStateChanged', (old, state, data) => changes.push([old, state, data.reason]));
    alice.unregister();
    await world.clock.advance(10);
    world.gateway.onRequest = (request) => {
      if (request.sylkrtc === 'account-register') {
        world.gateway.send(world.gateway.socket, {
          sylkrtc: 'account-event',
          account: alice.id,
          event: 'registration-state',
          state: 'failed',
          reason: '904 Authentication failed',
        });
      }
    };
    alice.register();
    await world.clock.advance(2);
    assert.deepEqual(changes.slice(0, 2), [
      ['registered', null, undefined],
      [null, 'failed', '904 Authentication failed'],
    ]);
  });

  test('a missed call is told, with its time when it came while nobody was there', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    const missed: string[] = [];
    alice.on('missedCall', ({ originator, timestamp }) =>
      missed.push(`${originator} ${timestamp?.toISOString() ?? 'now'}`),
    );
    const event = {
      sylkrtc: 'account-event',
      account: alice.id,
      event: 'missed-session',
      originator: { uri: 'bob@example.org', display_name: 'Bob' },
    };
    world.gateway.send(world.gateway.socket, event);
    world.gateway.send(world.gateway.socket, { ...event, timestamp: '2026-01-31T10:15:00.123456+01:00' });
    await world.clock.advance(10);
    assert.deepEqual(missed, ['Bob <bob@example.org> now', 'Bob <bob@example.org> 2026-01-31T09:15:00.123Z']);
  });
});

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
