import assert from 'node:assert/strict';
import type { Accepted } from '../../media-edge/src/call/call-leg.ts';
import { EdgeWorld } from './edge-world.ts';
import { settle } from './fake-clock.ts';
import type { FakeLeg } from './fake-leg.ts';

export const pcmu = { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} };
export const phone = (name: string): Accepted => ({
  answer: {
    lines: [
      { kind: 'audio', direction: 'sendrecv', codecs: [pcmu] },
      { kind: 'video', direction: 'inactive', codecs: [] },
    ],
  },
  sources: [{ kind: 'audio', producerId: `${name}-audio`, codec: pcmu }],
});

/** Alice's page talks to Bob's phone. */
export async function talking() {
  const world = new EdgeWorld();
  world.signsIn('alice');
  await world.calls('alice', 'bob@phones.example', 'chromium-av-offer');
  const bob = dialled(world, 0);
  bob.says({ kind: 'answered', ...phone('bob') });
  await settle();
  return { world, bob };
}

export function dialled(world: EdgeWorld, index: number): FakeLeg {
  const leg = world.sip.dialled[index]?.leg;
  assert.ok(leg, `leg ${index} was dialled`);
  return leg;
}
