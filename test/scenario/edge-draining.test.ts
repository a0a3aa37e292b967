import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Offer } from '../../media-edge/src/call/media.ts';
import { drain } from '../../media-edge/src/main/stop.ts';
import { EdgeWorld } from '../fakes/edge-world.ts';

const offer: Offer = { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [] }] };
const refused = 'This server takes no new calls at the moment';

describe('an edge that drains', () => {
  test('refuses phones at once, and tells them when to try again', () => {
    const world = new EdgeWorld();
    world.exchange.drain(7_000);
    assert.equal(world.exchange.isDraining, true);
    const { rejected } = world.sip.invited('bob@sylk.test', offer);
    assert.deepEqual([rejected?.code, rejected?.retryAfterS], [503, 60]);
  });

  test('takes calls that were placed on it before signaling knew, and no more after that', async () => {
    const world = new EdgeWorld();
    world.signsIn('alice');
    world.exchange.drain(7_000);
    await world.calls('alice', 'bob@phones.example');
    assert.equal(world.exchange.size, 1);
    await world.clock.advance(7_000);
    world.signsIn('carol');
    await world.calls('carol', 'bob@phones.example');
    assert.deepEqual(world.saw('carol'), [`error carol-2: ${refused}`]);
    assert.equal(world.exchange.size, 1);
  });

  test('lets no call end by itself when no time was set, and waits no longer for whoever is impatient', async () => {
    const world = new EdgeWorld();
    world.signsIn('alice');
    await world.calls('alice', 'bob@phones.example');
    await drain(world.exchange, 0, new AbortController().signal);
    assert.equal(world.exchange.isDraining, false);
    const impatience = new AbortController();
    const drained = drain(world.exchange, 60_000, impatience.signal);
    assert.equal(world.exchange.isDraining, true);
    impatience.abort();
    await drained;
    assert.equal(world.exchange.size, 1);
  });
});
