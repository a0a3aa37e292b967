import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { legId } from '@sylk/protocol/ids.ts';
import { settle } from '../fakes/fake-clock.ts';
import { pcmu, talking } from '../fakes/transfer-world.ts';

describe('a phone calls in the place of another (RFC 3891)', () => {
  const offer = { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [pcmu] }] } as const;

  test('the page goes on with it, the other phone is hung up', async () => {
    const { world, bob } = await talking();
    const invite = world.sip.invited('alice@sylk.test', offer, { replaces: bob.id });
    await settle();
    assert.deepEqual(invite.aLeg.told.slice(0, 1), ['accept']);
    assert.equal(bob.told.at(-1), 'end 200 Transferred');
    await world.hangsUp('alice');
    assert.equal(invite.aLeg.told.at(-1), 'end 200 OK');
    assert.equal(world.exchange.size, 0);
  });

  test('in a codec that the page does not use: refused, the call goes on', async () => {
    const { world, bob } = await talking();
    const opus = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 96, parameters: {} };
    const other = { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [opus] }] } as const;
    const invite = world.sip.invited('alice@sylk.test', other, { replaces: bob.id });
    await settle();
    assert.equal(invite.aLeg.told.at(-1), 'end 488 Not Acceptable Here');
    assert.ok(!bob.told.some((line) => line.startsWith('end')));
  });

  test('of which there is no call: 481', async () => {
    const { world } = await talking();
    const invite = world.sip.invited('alice@sylk.test', offer, { replaces: legId('nobody') });
    await settle();
    assert.equal(invite.rejected?.code, 481);
  });
});
