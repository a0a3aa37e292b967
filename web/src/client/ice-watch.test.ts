import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptUpdates, established } from '../../../test/fakes/calls-of-alice.ts';

describe('the media path', () => {
  test('ICE that stays disconnected for 2 s is restarted, without a change that is told', async () => {
    const { world, call } = await established();
    acceptUpdates(world);
    const told: unknown[] = [];
    const paths: boolean[] = [];
    call.on('mediaUpdated', (media) => told.push(media));
    call.on('pathChanged', ({ isUp }) => paths.push(isUp));
    world.peer.becomeIce('disconnected');
    await world.clock.advance(1_900);
    assert.equal(call.isPathUp, false);
    assert.equal(world.peer.iceRestarts, 0);
    await world.clock.advance(200);
    assert.equal(world.peer.iceRestarts, 1);
    world.peer.becomeIce('connected');
    await world.clock.advance(60_000);
    assert.equal(world.peer.iceRestarts, 1);
    assert.deepEqual(told, []);
    assert.deepEqual(paths, [false, true]);
  });

  test('a short disturbance restarts nothing', async () => {
    const { world } = await established();
    world.peer.becomeIce('disconnected');
    await world.clock.advance(1_000);
    world.peer.becomeIce('connected');
    await world.clock.advance(60_000);
    assert.equal(world.peer.iceRestarts, 0);
  });

  test('failed, another network, or the gateway says lost: at once, and again until it is back', async () => {
    for (const lose of ['failed', 'network', 'media lost']) {
      const { world, call } = await established();
      acceptUpdates(world);
      if (lose === 'network') world.changeNetwork();
      if (lose === 'media lost') world.gateway.emit(call.id, { event: 'media', state: 'lost' });
      world.peer.becomeIce(lose === 'failed' ? 'failed' : 'checking');
      await world.clock.advance(100);
      assert.equal(world.peer.iceRestarts, 1, lose);
      await world.clock.advance(9_000);
      assert.equal(world.peer.iceRestarts, 2, lose);
    }
  });

  test('lost together with the socket: restarted once the call is resumed', async () => {
    const { world } = await established();
    acceptUpdates(world);
    world.gateway.isDown = true;
    world.gateway.socket.cut();
    world.peer.becomeIce('failed');
    await world.clock.advance(3_500);
    world.gateway.isDown = false;
    await world.clock.advance(5_000);
    assert.equal(world.carriedOut('session-update').length, 1);
    assert.equal(world.peer.signalingState, 'stable');
  });
});
