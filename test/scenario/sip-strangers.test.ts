import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxStrangerSetUps } from '@sylk/protocol/limits.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import { phoneSdp } from '../fakes/sip-text.ts';
import { SipWorld } from './sip-world.ts';

const to = 'alice@gateway.test';
const uri = `sip:${to}`;

test('calls from ever new sources are refused beyond a number; ours, and those that have begun, go on', async () => {
  const world = await SipWorld.open({ networks: peerNetworks(['127.0.0.9/32']) });
  const sdp = phoneSdp({ address: '198.41.0.4' });
  try {
    const flood = await Promise.all(
      [1, 2, 3].map((host) => world.peer({ address: `127.0.1.${host}`, user: `flood${host}` })),
    );
    const calls = flood.flatMap((peer) => Array.from({ length: 34 }, () => peer.calls(to)));
    for (const call of calls) call.request('INVITE', world.gateway, { uri, sdp });
    const refused = flood[2];
    assert.ok(refused);
    assert.equal((await refused.receives('503')).header('Retry-After'), '10');
    assert.equal(world.invites.length, maxStrangerSetUps);
    // A repetition of one that waits already is no new call.
    calls[0]?.request('INVITE', world.gateway, { uri, sdp, sameBranch: true });

    const friend = await world.peer({ address: '127.0.0.9' });
    friend.calls(to).request('INVITE', world.gateway, { uri, sdp: phoneSdp({ address: '127.0.0.9' }) });
    await friend.receives('100');
    // The health probe calls from an address of this machine.
    const probe = await world.peer();
    probe.calls(to).request('INVITE', world.gateway, { uri, sdp });
    await probe.receives('100');
    assert.equal(flood[0]?.count('503'), 0);
    assert.equal(world.endpoint.counts.overloaded, 3 * 34 - maxStrangerSetUps);
  } finally {
    await world.close();
  }
});
