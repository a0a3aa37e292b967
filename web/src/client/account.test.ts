import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { ClientWorld } from '../../../test/fakes/client-world.ts';

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
    world.gateway.failures.set(alice.id, '904 Authentication failed');
    alice.register();
    await world.clock.advance(10);
    assert.deepEqual(changes, [
      ['registered', null, undefined],
      [null, 'registering', undefined],
      ['registering', 'failed', '904 Authentication failed'],
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

  test('a provider that wants another hash for the own domain gets it, one that asks for another realm does not', async () => {
    const world = new ClientWorld();
    const { alice } = await world.signIn();
    const changes: unknown[] = [];
    alice.on('registrationStateChanged', (_old, state, { reason }) => changes.push([state, reason?.slice(0, 3)]));
    const challenge = { sylkrtc: 'account-event', account: alice.id, event: 'challenge', algorithm: 'SHA-256' };
    // The browser's hashes take turns of the event loop, which no clock of ours counts.
    const proved = async (count: number) => {
      for (let turn = 0; turn < 500 && world.carriedOut('account-credentials').length < count; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
        await world.clock.advance(10);
      }
    };
    world.gateway.send(world.gateway.socket, { ...challenge, realm: 'example.org' });
    await proved(1);
    const sha256 = createHash('sha256').update('alice:example.org:secret').digest('hex');
    assert.deepEqual(
      world.carriedOut('account-credentials').map(({ realm, algorithm, ha1 }) => [realm, algorithm, ha1]),
      [['example.org', 'SHA-256', sha256]],
    );
    world.gateway.send(world.gateway.socket, { ...challenge, realm: 'evil.test' });
    await world.clock.advance(10);
    assert.equal(world.carriedOut('account-credentials').length, 1);
    assert.deepEqual(changes.at(-1), ['failed', '401']);
    alice.on('challenged', ({ answer }) => answer());
    world.gateway.send(world.gateway.socket, { ...challenge, realm: 'asterisk' });
    await proved(2);
    assert.equal(world.carriedOut('account-credentials').at(-1)?.realm, 'asterisk');
  });
});
