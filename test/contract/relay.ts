/** What every relay promises, whatever reads its sockets. */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { silentLog } from '../../media-edge/src/ports/log.ts';
import type { RelayEvent, RelayLeg } from '../../media-edge/src/ports/relay.ts';
import { eventPacket, rtpPacket } from '../../media-edge/src/relay/packets.ts';
import { ThreadedRelay } from '../../media-edge/src/relay/relay.ts';

const here = { address: '127.0.0.1', latch: true };

async function boundTo(port: number, address = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket('udp4').bind(port, address);
  await once(socket, 'listening');
  return socket;
}

/** A leg in PCMA with events 101, its peer, and in place of the media plane a socket. */
class JoinedLeg {
  readonly leg: RelayLeg;
  readonly peer: Socket;
  readonly plane: Socket;
  readonly told: RelayEvent[] = [];

  constructor(leg: RelayLeg, peer: Socket, plane: Socket) {
    this.leg = leg;
    this.peer = peer;
    this.plane = plane;
  }

  static async of(relay: ThreadedRelay): Promise<JoinedLeg> {
    const joined = new JoinedLeg(await relay.open(here), await boundTo(0), await boundTo(0));
    const { leg, peer, plane, told } = joined;
    leg.listen((event) => told.push(event));
    leg.setInside(plane.address().port);
    const dtmf = { outside: 101, clockRate: 8000 };
    leg.setInbound({ ssrc: 9, clockRate: 8000, payloadType: { outside: 8, inside: 8 }, dtmf });
    leg.setOutbound({ clockRate: 8000, payloadType: { outside: 8, inside: 8 }, dtmf });
    leg.setRemote({ address: '127.0.0.1', port: peer.address().port, rtcpPort: peer.address().port + 1 });
    await leg.stats();
    return joined;
  }

  async inward(packet: Uint8Array): Promise<Buffer> {
    this.peer.send(packet, this.leg.port, '127.0.0.1');
    const [got] = await once(this.plane, 'message');
    return got;
  }

  async outward(packet: Uint8Array): Promise<Buffer> {
    this.plane.send(packet, this.leg.insidePort, '127.0.0.1');
    const [got] = await once(this.peer, 'message');
    return got;
  }

  close(): void {
    this.leg.close();
    this.peer.close();
    this.plane.close();
  }
}

/** A relay of its own on ports of its own. */
type NewRelay = (pairs?: number) => { relay: ThreadedRelay; first: number };

/**
 * @param firstPort of a hundred that the suite may use
 * @param udpBatch  as in `RelayOptions`
 */
export function relayContract(name: string, firstPort: number, udpBatch?: string): void {
  const relays: ThreadedRelay[] = [];
  const newRelay: NewRelay = (pairs = 5) => {
    const first = firstPort + 10 * relays.length;
    const ports = { first, last: first + 2 * pairs - 1 };
    const relay = new ThreadedRelay({ ports, silenceMs: 60_000, log: silentLog, portRestMs: 0, udpBatch });
    relays.push(relay);
    return { relay, first };
  };
  describe(name, () => {
    after(() => {
      for (const relay of relays) relay.close();
    });
    packetPromises(newRelay);
    orderPromises(newRelay);
    portPromises(newRelay);
  });
}

function packetPromises(newRelay: NewRelay): void {
  it('takes a packet across both ways', async () => {
    const joined = await JoinedLeg.of(newRelay().relay);
    assert.equal((await joined.inward(rtpPacket({ payloadType: 8, extensionWords: 2 }))).readUInt32BE(8), 9);
    assert.equal((await joined.outward(rtpPacket({ payloadType: 8 }))).readUInt8(1) & 0x7f, 8);
    const { packetsIn, packetsOut, remote } = await joined.leg.stats();
    const port = joined.peer.address().port;
    assert.deepEqual(
      { packetsIn, packetsOut, remote },
      { packetsIn: 1, packetsOut: 1, remote: { address: '127.0.0.1', port } },
    );
    assert.deepEqual(joined.told, [{ kind: 'firstPacket' }]);
    joined.close();
    assert.equal((await joined.leg.stats()).packetsIn, 1, 'the last numbers remain');
  });

  it('hears and plays digits', async () => {
    const joined = await JoinedLeg.of(newRelay().relay);
    const event = eventPacket({ payloadType: 101, event: 7, duration: 800, isEnd: true });
    joined.peer.send(event, joined.leg.port, '127.0.0.1');
    const played: string[] = [];
    joined.peer.on('message', (packet: Buffer) => played.push(packet.toString('hex', 12, 14)));
    joined.leg.sendDtmf('5', 60);
    // How many packets come before the end depends on when the thread is woken; the end comes three times.
    const ends = () => played.filter((head) => head === '058a').length;
    for (let tries = 0; tries < 100 && (ends() < 3 || joined.told.length < 2); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(played.slice(-3), ['058a', '058a', '058a']);
    assert.deepEqual(joined.told[1], { kind: 'dtmf', digit: '7', durationMs: 100 });
    joined.close();
  });

  it('outlives nonsense on every port', async () => {
    const joined = await JoinedLeg.of(newRelay().relay);
    for (const port of [joined.leg.port, joined.leg.port + 1, joined.leg.insidePort]) {
      for (const packet of [
        [],
        [0x80],
        Array.from({ length: 1400 }, () => 0xff),
        Array.from({ length: 9000 }, () => 0x80),
      ]) {
        joined.peer.send(Uint8Array.from(packet), port, '127.0.0.1');
      }
    }
    assert.equal((await joined.inward(rtpPacket({ payloadType: 8 }))).length, 16);
    assert.ok((await joined.leg.stats()).malformed > 0);
    joined.close();
  });

  it('counts what nobody listens to', async () => {
    const joined = await JoinedLeg.of(newRelay().relay);
    joined.plane.close();
    for (let tries = 0; tries < 50 && (await joined.leg.stats()).unreachable === 0; tries += 1) {
      joined.peer.send(rtpPacket({ payloadType: 8, sequence: tries }), joined.leg.port, '127.0.0.1');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.ok((await joined.leg.stats()).unreachable > 0);
    joined.leg.close();
    joined.peer.close();
  });
}

function orderPromises(newRelay: NewRelay): void {
  it('carries many packets in their order', async () => {
    const joined = await JoinedLeg.of(newRelay().relay);
    const got: number[] = [];
    joined.plane.on('message', (packet: Buffer) => got.push(packet.readUInt8(12)));
    const sent = Array.from({ length: 200 }, (_, index) => index);
    for (const index of sent) {
      joined.peer.send(rtpPacket({ payloadType: 8, sequence: index, payload: [index] }), joined.leg.port, '127.0.0.1');
    }
    for (let tries = 0; tries < 100 && got.length < sent.length; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(got, sent);
    joined.close();
  });

  it('hears its peer alone, and all of it, while others send in between from ports of the same number', async () => {
    const joined = await JoinedLeg.of(newRelay().relay);
    const { port } = joined.peer.address();
    const others = await Promise.all(['127.0.0.2', '127.0.0.3'].map((address) => boundTo(port, address)));
    await joined.inward(rtpPacket({ payloadType: 8, sequence: 0, payload: [0] }));
    const got: number[] = [];
    joined.plane.on('message', (packet: Buffer) => got.push(packet.readUInt8(12)));
    const sent = Array.from({ length: 100 }, (_, index) => index + 1);
    for (const index of sent) {
      const send = (from: Socket, payload: number) =>
        from.send(rtpPacket({ payloadType: 8, sequence: index, payload: [payload] }), joined.leg.port, '127.0.0.1');
      send(joined.peer, index);
      for (const other of others) send(other, 255);
      if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (let tries = 0; tries < 100 && got.length < sent.length; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(got, sent);
    assert.equal((await joined.leg.stats()).strangers, 2 * sent.length);
    for (const other of others) other.close();
    joined.close();
  });

  it('carries the packets of many calls in their order, and loses none', async () => {
    const { relay } = newRelay();
    const legs = await Promise.all(Array.from({ length: 4 }, () => JoinedLeg.of(relay)));
    const got = legs.map(({ plane }) => {
      const sequences: number[] = [];
      plane.on('message', (packet: Buffer) => sequences.push(packet.readUInt8(12)));
      return sequences;
    });
    const sent = Array.from({ length: 240 }, (_, index) => index);
    for (const index of sent) {
      const packet = rtpPacket({ payloadType: 8, sequence: index, payload: [index] });
      for (const { peer, leg } of legs) peer.send(packet, leg.port, '127.0.0.1');
      if (index % 4 === 3) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (let tries = 0; tries < 100 && got.some(({ length }) => length < sent.length); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const sequences of got) assert.deepEqual(sequences, sent);
    for (const joined of legs) joined.close();
  });
}

function portPromises(newRelay: NewRelay): void {
  it('passes over a port that another program holds, and uses its own again', async () => {
    const { relay, first } = newRelay(2);
    const busy = await boundTo(first + 1);
    const leg = await relay.open(here);
    assert.equal(leg.port, first + 2);
    await assert.rejects(relay.open(here), /in use|no free/);
    busy.close();
    leg.close();
    const again = await Promise.all([relay.open(here), relay.open(here)]);
    assert.deepEqual(again.map(({ port }) => port).toSorted(), [first, first + 2]);
  });

  it('refuses an address that is not of this machine in words', async () => {
    const { relay, first } = newRelay();
    const expected = new RegExp(`cannot open rtp port ${first} on 203.0.113.1: EADDRNOTAVAIL`);
    await assert.rejects(relay.open({ ...here, address: '203.0.113.1' }), expected);
  });

  it('has sockets for IPv6', async () => {
    const { relay, first } = newRelay();
    assert.equal((await relay.open({ ...here, address: '::1' })).port, first);
  });

  it('opens nothing when it is closed', async () => {
    const { relay } = newRelay();
    relay.close();
    await assert.rejects(relay.open(here), /closed/);
  });
}
