/** Connections: keep-alives both ways, slow and silent peers, and floods of them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import type { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import { phoneSdp, randomToken, sipMessage } from '../../fakes/sip-text.ts';
import { freePort } from '../../peers/ports.ts';
import { TlsAuthority } from '../../peers/tls-authority.ts';
import { browserAnswer, SipWorld, type SipWorldOptions, type WatchedLeg } from '../../scenario/sip-world.ts';

const authority = new TlsAuthority();
const worlds: SipWorld[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
after(async () => {
  await Promise.all(worlds.map((world) => world.close()));
  authority.close();
});

let tlsPort: number;
async function open(options: SipWorldOptions = {}): Promise<SipWorld> {
  tlsPort = await freePort();
  const tls = {
    port: tlsPort,
    identity: authority.issue({ names: ['gateway.test'] }),
    authorities: [authority.cert],
    isLenient: () => true,
  };
  const world = await SipWorld.open({ tls, media: { encryption: 'off' }, ...options });
  worlds.push(world);
  return world;
}

async function connection(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const closed = (socket: Socket): Promise<unknown> =>
  socket.closed ? Promise.resolve() : once(socket.resume(), 'close');

const optionsBy = (transport: string, via: string): string =>
  sipMessage([
    'OPTIONS sip:gateway.test SIP/2.0',
    `Via: SIP/2.0/${transport} ${via};branch=z9hG4bK${randomToken()}`,
    'From: <sip:carol@127.0.0.1>;tag=1',
    'To: <sip:gateway.test>',
    `Call-ID: ${randomToken()}`,
    'CSeq: 1 OPTIONS',
  ]);

const text = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

async function answers(bob: FakeSipPeer, alice: WatchedLeg): Promise<void> {
  bob.takes(await bob.receives('INVITE')).reply(200, 'OK', { sdp: phoneSdp() });
  await bob.receives('ACK');
  await alice.tells('answered');
}

describe('a connection that a phone keeps open', () => {
  let world: SipWorld;
  before(async () => {
    world = await open();
  });

  it('has each ping of two line ends answered by one (RFC 5626)', async () => {
    const socket = await connection(world.gateway.port);
    for (let count = 0; count < 3; count++) {
      socket.write('\r\n\r\n');
      assert.equal(await text(socket), '\r\n');
    }
  });

  it('is not disturbed by line ends between messages', async () => {
    const socket = await connection(world.gateway.port);
    socket.write(`\r\n${optionsBy('TCP', '127.0.0.1:9')}`);
    assert.match(await text(socket), /^SIP\/2\.0 200/);
  });

  it('carries a request in pieces, and two in one piece', async () => {
    const socket = await connection(world.gateway.port);
    const one = optionsBy('TCP', '127.0.0.1:9');
    socket.write(one.slice(0, 40));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(one.slice(40) + optionsBy('TCP', '127.0.0.1:9') + optionsBy('TCP', '127.0.0.1:9'));
    let heard = '';
    while (heard.split('SIP/2.0 200').length < 4) heard += await text(socket);
  });
});

describe('a connection that does nothing useful', () => {
  let world: SipWorld;
  before(async () => {
    world = await open({ streamLimits: { firstMessageMs: 100, messageMs: 100, idleMs: 2_500 } });
  });

  it('is closed when it stays silent from the start, by TCP as by TLS before its handshake', async () => {
    const silent = [await connection(world.gateway.port), await connection(tlsPort)];
    const before = world.endpoint.counts.tcpDropped;
    await closed(silent[0] ?? assert.fail());
    assert.equal(world.endpoint.counts.tcpDropped, before + 1);
    silent[1]?.destroy();
  });

  it('is closed when its message comes a byte at a time, and never ends', async () => {
    const socket = await connection(world.gateway.port);
    socket.write(optionsBy('TCP', '127.0.0.1:9'));
    assert.match(await text(socket), /200/);
    const begun = optionsBy('TCP', '127.0.0.1:9');
    let at = 0;
    const drip = setInterval(() => socket.write(begun.charAt(at++)), 50);
    await closed(socket);
    clearInterval(drip);
    assert.ok(at < begun.length / 2, `${at} bytes of ${begun.length} were waited for`);
  });

  it('is closed when it is idle, while one with keep-alives stays', async () => {
    const [idle, kept] = [await connection(world.gateway.port), await connection(world.gateway.port)];
    for (const socket of [idle, kept]) {
      socket.write(optionsBy('TCP', '127.0.0.1:9'));
      assert.match(await text(socket), /200/);
    }
    const pinging = setInterval(() => kept.write('\r\n\r\n'), 300);
    await closed(idle);
    clearInterval(pinging);
    assert.equal(kept.destroyed, false);
  });
});

describe('many connections that say nothing', () => {
  it('from one source are cut off, and a phone elsewhere is served', async () => {
    const world = await open({ streamLimits: { unprovenPerSource: 5 } });
    const flood = await Promise.all(Array.from({ length: 12 }, () => connection(world.gateway.port)));
    await Promise.all(flood.slice(5).map(closed));
    assert.equal(world.endpoint.connections.tcp, 5);
    const phone = await world.peer({ address: '127.0.0.41', protocol: 'tcp' });
    phone.sendTo('127.0.0.1', world.gateway.port, optionsBy('TCP', `127.0.0.41:${phone.port}`));
    await phone.receives('200');
  });

  it('from everywhere give way to one that speaks', async () => {
    const world = await open({ streamLimits: { unproven: 6, unprovenPerSource: 100 } });
    const flood = await Promise.all(Array.from({ length: 12 }, () => connection(world.gateway.port)));
    await Promise.all(flood.slice(0, 6).map(closed));
    const phone = await connection(world.gateway.port);
    phone.write(optionsBy('TCP', '127.0.0.1:9'));
    assert.match(await text(phone), /^SIP\/2\.0 200/);
  });

  it('in TLS handshakes count as well', async () => {
    const world = await open({ streamLimits: { unprovenPerSource: 3 } });
    const flood = await Promise.all(Array.from({ length: 6 }, () => connection(tlsPort)));
    await Promise.all(flood.slice(3).map(closed));
    assert.equal(world.endpoint.counts.tlsDropped, 3);
    assert.equal(world.endpoint.connections.tls, 0);
  });

  it('leave a call that is up alone', async () => {
    const world = await open({ streamLimits: { all: 8, unproven: 4 } });
    const carol = await world.peer({ protocol: 'tcp', user: 'carol' });
    const dialog = carol.calls('alice@gateway.test');
    dialog.request('INVITE', world.gateway, { sdp: phoneSdp(), uri: 'sip:alice@gateway.test' });
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    dialog.learn(await carol.receives('200'));
    dialog.request('ACK', world.gateway);
    await Promise.all(Array.from({ length: 20 }, () => connection(world.gateway.port)));
    dialog.request('BYE', world.gateway);
    assert.deepEqual((await alice.tells('ended')).cause, normalEnd('caller'));
    assert.equal((await carol.receives('200')).method, 'BYE');
  });
});

describe('a connection of ours', () => {
  it('is pinged, and goes on being used while it is answered', async () => {
    const world = await open({ streamLimits: { pingMs: 100, pongMs: 500 } });
    const bob = await world.peer({ protocol: 'tcp' });
    const alice = await world.call(bob.uri);
    await answers(bob, alice);
    await bob.pinged(2);
    await alice.leg.end(normalEnd('caller'));
    await bob.receives('BYE');
    assert.equal(bob.streams.accepted.length, 1);
  });

  it('whose peer once answered pings and no longer does is given up, and the BYE goes by a new one', async () => {
    const world = await open({ streamLimits: { pingMs: 100, pongMs: 300 } });
    const bob = await world.peer({ protocol: 'tcp' });
    const alice = await world.call(bob.uri);
    await answers(bob, alice);
    await bob.pinged(1);
    bob.streams.isDeaf = true;
    const [first] = bob.streams.accepted;
    await closed(first ?? assert.fail());
    bob.streams.isDeaf = false;
    await alice.leg.end(normalEnd('caller'));
    await bob.receives('BYE');
    assert.equal(bob.streams.accepted.length, 2);
  });

  it('that turns out to be dead is replaced at once, and the call of a moment ago goes through', async () => {
    const world = await open();
    const bob = await world.peer({ protocol: 'tcp' });
    const first = await world.call(bob.uri);
    await answers(bob, first);
    bob.streams.isDead = true;
    const second = await world.call(bob.uri);
    await answers(bob, second);
    assert.equal(bob.streams.accepted.length, 2);
    bob.streams.isDead = true;
    await second.leg.end(normalEnd('caller'));
    await bob.receives('BYE');
    assert.equal(bob.streams.accepted.length, 3);
    await first.leg.end(normalEnd('caller'));
    await bob.receives('BYE');
  });

  it('that closes on a first request is not tried for ever', async () => {
    const world = await open({
      networks: { refusal: () => undefined, isTrusted: () => false, isPrivate: () => false },
    });
    const bob = await world.peer({ protocol: 'tcp' });
    bob.streams.isDead = true;
    const alice = await world.call(bob.uri);
    assert.equal((await alice.tells('ended', 5_000)).cause.by, 'network');
    assert.deepEqual([bob.streams.accepted.length, bob.received.length], [1, 0]);
  });
});
