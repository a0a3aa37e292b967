import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { silentLog } from '../ports/log.ts';
import type { RelayEvent } from '../ports/relay.ts';
import { rtpPacket } from './packets.ts';
import { ThreadedRelay } from './relay.ts';

const relays: ThreadedRelay[] = [];
const newRelay = (first: number, last: number): ThreadedRelay => {
  const relay = new ThreadedRelay({ ports: { first, last }, silenceMs: 60_000, log: silentLog, portRestMs: 0 });
  relays.push(relay);
  return relay;
};
after(() => {
  for (const relay of relays) relay.close();
});

async function boundTo(port: number): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const here = { address: '127.0.0.1', latch: true };

test('a packet crosses the thread both ways', async () => {
  const [peer, plane] = [await boundTo(0), await boundTo(0)];
  const leg = await newRelay(42_310, 42_319).open(here);
  const told: RelayEvent[] = [];
  leg.listen((event) => told.push(event));
  leg.setInside(plane.address().port);
  leg.setInbound({ ssrc: 9, clockRate: 8000, payloadType: { outside: 8, inside: 8 } });
  leg.setOutbound({ clockRate: 8000, payloadType: { outside: 8, inside: 8 } });
  leg.setRemote({ address: '127.0.0.1', port: peer.address().port, rtcpPort: peer.address().port + 1 });
  assert.equal((await leg.stats()).packetsIn, 0);
  peer.send(rtpPacket({ payloadType: 8 }), leg.port, '127.0.0.1');
  const [inside] = await once(plane, 'message');
  assert.equal(inside.readUInt32BE(8), 9);
  plane.send(rtpPacket({ payloadType: 8 }), leg.insidePort, '127.0.0.1');
  const [outside] = await once(peer, 'message');
  assert.equal(outside.readUInt8(1) & 0x7f, 8);
  const { packetsIn, packetsOut, remote } = await leg.stats();
  assert.deepEqual(
    { packetsIn, packetsOut, remote },
    { packetsIn: 1, packetsOut: 1, remote: { address: '127.0.0.1', port: peer.address().port } },
  );
  assert.deepEqual(told, [{ kind: 'firstPacket' }]);
  leg.close();
  assert.equal((await leg.stats()).packetsIn, 1, 'the last numbers remain');
  peer.close();
  plane.close();
});

test('a port that another program holds is passed over, and its own come back after use', async () => {
  const busy = await boundTo(42_321);
  const relay = newRelay(42_320, 42_323);
  const leg = await relay.open(here);
  assert.equal(leg.port, 42_322);
  await assert.rejects(relay.open(here), /in use|no free/);
  busy.close();
  leg.close();
  const again = await Promise.all([relay.open(here), relay.open(here)]);
  assert.deepEqual(again.map(({ port }) => port).toSorted(), [42_320, 42_322]);
});

test('an address that is not of this machine is refused in words', async () => {
  await assert.rejects(
    newRelay(42_330, 42_339).open({ ...here, address: '203.0.113.1' }),
    /cannot open rtp port 42330 on 203.0.113.1: EADDRNOTAVAIL/,
  );
});

test('IPv6 has sockets of its own', async () => {
  const leg = await newRelay(42_340, 42_349).open({ ...here, address: '::1' });
  assert.equal(leg.port, 42_340);
  leg.close();
});

test('a closed relay opens nothing', async () => {
  const relay = newRelay(42_350, 42_359);
  relay.close();
  await assert.rejects(relay.open(here), /closed/);
});
