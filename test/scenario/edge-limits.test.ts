import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Offer } from '../../media-edge/src/call/media.ts';
import { EdgeWorld, reasonAt } from '../fakes/edge-world.ts';
import { settle } from '../fakes/fake-clock.ts';

const pcma = { mimeType: 'audio/PCMA', clockRate: 8000, payloadType: 8, parameters: {} };
const offer: Offer = { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [pcma] }] };
const aMinute = 60_000;

async function answered(longestMs: number): Promise<EdgeWorld> {
  const world = new EdgeWorld({}, { longestMs });
  for (const name of ['alice', 'bob']) world.signsIn(name);
  await world.calls('alice', 'bob@sylk.test');
  await world.answers('bob');
  return world;
}

describe('how many calls an account has', () => {
  test('the caller that has as many as it may is refused in words, and may call again when one is over', async () => {
    const world = new EdgeWorld({}, { perAccount: 1 });
    world.signsIn('alice');
    for (const name of ['desk', 'tablet']) world.signsIn(name, { account: 'alice' });
    for (const name of ['bob', 'carol']) world.signsIn(name);
    await world.calls('alice', 'bob@sylk.test');
    await world.calls('desk', 'carol@sylk.test');
    assert.equal(reasonAt(world, 'desk'), '503 Too many calls at once');
    assert.throws(() => world.ringing('carol'), /nothing rings/);
    await world.hangsUp('alice');
    await world.calls('tablet', 'carol@sylk.test');
    assert.ok(world.ringing('carol'));
  });

  test('the called that has as many as it may is busy for others, and is told of the call that it missed', async () => {
    const world = new EdgeWorld({}, { perAccount: 1 });
    for (const name of ['alice', 'bob']) world.signsIn(name);
    await world.calls('alice', 'bob@sylk.test');
    const carol = world.sip.invited('bob@sylk.test', offer);
    await settle();
    assert.deepEqual(carol.aLeg.told, ['end 486 Busy Here']);
    assert.equal(world.signaling.missedCalls.length, 1);
    assert.equal(world.exchange.size, 1);
  });

  test('whoever calls itself has one call', async () => {
    const world = new EdgeWorld({}, { perAccount: 1 });
    world.signsIn('alice');
    world.signsIn('tablet', { account: 'alice' });
    await world.calls('alice', 'alice@sylk.test');
    assert.ok(world.ringing('tablet'));
  });
});

describe('how long a call lasts', () => {
  test('at the end of its time both hear why', async () => {
    const world = await answered(aMinute);
    await world.clock.advance(aMinute - 1);
    assert.equal(reasonAt(world, 'alice'), undefined);
    await world.clock.advance(1);
    assert.equal(reasonAt(world, 'alice'), '480 Call time is over');
    assert.equal(reasonAt(world, 'bob'), '480 Call time is over');
    assert.equal(world.exchange.size, 0);
  });

  test('it begins with the answer, and leaves nothing behind when they hang up before', async () => {
    const world = await answered(aMinute);
    await world.hangsUp('alice');
    await world.clock.advance(10 * aMinute);
    assert.equal(world.exchange.size, 0);
  });
});

test('an edge that has as many calls as it may takes no more from SIP, and says when to come back', async () => {
  const world = new EdgeWorld({}, { perEdge: 1 });
  for (const name of ['alice', 'bob']) world.signsIn(name);
  await world.calls('alice', 'bob@sylk.test');
  const carol = world.sip.invited('bob@sylk.test', offer);
  await settle();
  assert.deepEqual([carol.rejected?.code, carol.rejected?.retryAfterS], [503, 10]);
});
