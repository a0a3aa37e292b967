/** Which server of a domain is called, and what happens when one fails (RFC 3263), with a name server on the wire. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import type { FakeSipPeer, FakeSipPeerOptions } from '../../fakes/fake-sip-peer.ts';
import { phoneSdp, type SipText } from '../../fakes/sip-text.ts';
import { DnsServer, type Zone } from '../../peers/dns-server.ts';
import { freePort } from '../../peers/ports.ts';
import { TlsAuthority } from '../../peers/tls-authority.ts';
import { SipWorld, type SipWorldOptions, type WatchedLeg } from '../../scenario/sip-world.ts';

const authority = new TlsAuthority();
let names: DnsServer;
let world: SipWorld;
let domains = 0;

const open = async (media: SipWorldOptions['media']): Promise<SipWorld> =>
  SipWorld.open({
    dns: names.dns,
    addresses: ['127.0.0.1', '::1'],
    tls: {
      port: await freePort(),
      identity: authority.issue({ names: ['gateway.test'] }),
      authorities: [authority.cert],
      isLenient: () => false,
    },
    networks: peerNetworks(['127.0.0.0/8', '::1/128']),
    media,
    streamLimits: { connectMs: 1_000 },
  });

before(async () => {
  names = await DnsServer.start();
  world = await open({ encryption: 'off' });
});
after(async () => {
  await world.close();
  await names.close();
  authority.close();
});

/** A domain of its own for each flow: servers that failed are remembered. */
function domainOf(records: (domain: string) => Record<string, Zone>): string {
  const domain = `d${++domains}.test`;
  names.add(records(domain));
  return domain;
}

const hosts = (domain: string, ...addresses: readonly string[]): Record<string, Zone> =>
  Object.fromEntries(
    addresses.map((a, index) => [`s${index + 1}.${domain}`, a.includes(':') ? { aaaa: [a] } : { a: [a] }]),
  );

const secure = (domain: string, options: FakeSipPeerOptions = {}) =>
  world.peer({ protocol: 'tls', tls: authority.issue({ names: [domain] }), ...options });

async function answers(bob: FakeSipPeer, alice: WatchedLeg, headers: readonly string[] = []): Promise<SipText> {
  const invite = await bob.receives('INVITE');
  bob.takes(invite).reply(200, 'OK', { sdp: phoneSdp(), headers });
  await bob.receives('ACK');
  await alice.tells('answered');
  return invite;
}

async function hangsUp(bob: FakeSipPeer, alice: WatchedLeg): Promise<SipText> {
  await alice.leg.end(normalEnd('caller'));
  const bye = await bob.receives('BYE');
  bob.takes(bye).reply(200, 'OK', { to: bye });
  return bye;
}

describe('a domain with several servers', () => {
  it('that wants TLS first (NAPTR) is called by TLS, and has to prove its own name', async () => {
    const domain = `d${++domains}.test`;
    const bob = await secure(domain);
    names.add({
      [domain]: {
        naptr: [
          `20 1 s SIP+D2U _sip._udp.${domain}`,
          `10 2 s SIPS+D2T _sips._tcp.${domain}`,
          `30 1 s SIP+D2T _sip._tcp.${domain}`,
        ],
      },
      [`_sips._tcp.${domain}`]: { srv: [`1 1 ${bob.port} s1.${domain}`] },
      ...hosts(domain, '127.0.0.1'),
    });
    const alice = await world.call(`bob@${domain}`);
    assert.match((await answers(bob, alice)).header('Via'), /TLS/);
    assert.ok(names.asked.includes(`naptr ${domain}`) && names.asked.includes(`srv _sips._tcp.${domain}`));
    await hangsUp(bob, alice);
  });

  it('that wants TCP before UDP (NAPTR) is called by TCP', async () => {
    const bob = await world.peer({ protocol: 'tcp' });
    const domain = domainOf((name) => ({
      [name]: { naptr: [`20 1 s SIP+D2U _sip._udp.${name}`, `10 1 s SIP+D2T _sip._tcp.${name}`] },
      [`_sip._tcp.${name}`]: { srv: [`1 1 ${bob.port} s1.${name}`] },
      ...hosts(name, '127.0.0.1'),
    }));
    const alice = await world.call(`bob@${domain}`);
    assert.match((await answers(bob, alice)).header('Via'), /TCP/);
    await hangsUp(bob, alice);
  });

  it('without NAPTR is called by TLS where it has that, as the SRV records say', async () => {
    const domain = `d${++domains}.test`;
    const bob = await secure(domain);
    names.add({
      [`_sips._tcp.${domain}`]: { srv: [`1 1 ${bob.port} s1.${domain}`] },
      [`_sip._udp.${domain}`]: { srv: [`1 1 9 s1.${domain}`] },
      ...hosts(domain, '127.0.0.1'),
    });
    const alice = await world.call(`bob@${domain}`);
    assert.match((await answers(bob, alice)).header('Via'), /TLS/);
    await hangsUp(bob, alice);
  });

  it('whose TLS proves somebody else is called by its UDP, which a plain address allows', async () => {
    const domain = `d${++domains}.test`;
    const eve = await secure('somebody.test');
    const bob = await world.peer();
    names.add({
      [`_sips._tcp.${domain}`]: { srv: [`1 1 ${eve.port} s1.${domain}`] },
      [`_sip._udp.${domain}`]: { srv: [`1 1 ${bob.port} s1.${domain}`] },
      ...hosts(domain, '127.0.0.1'),
    });
    const alice = await world.call(`bob@${domain}`);
    assert.match((await answers(bob, alice)).header('Via'), /UDP/);
    assert.equal(eve.received.length, 0);
    await hangsUp(bob, alice);
  });

  it('whose TLS fails is not sent keys of the media in the clear', async () => {
    const keyed = await open({});
    const domain = `d${++domains}.test`;
    const closed = await freePort();
    const bob = await keyed.peer();
    names.add({
      [`_sips._tcp.${domain}`]: { srv: [`1 1 ${closed} s1.${domain}`] },
      [`_sip._udp.${domain}`]: { srv: [`1 1 ${bob.port} s1.${domain}`] },
      ...hosts(domain, '127.0.0.1'),
    });
    const alice = await keyed.call(`bob@${domain}`);
    const invite = await answers(bob, alice);
    assert.match(invite.body, /^m=audio \d+ RTP\/AVP /m);
    assert.doesNotMatch(invite.body, /a=crypto/);
    await keyed.close();
  });

  it('whose TLS proves somebody else is not called by UDP at a sips address', async () => {
    const domain = `d${++domains}.test`;
    const eve = await secure('somebody.test');
    const bob = await world.peer();
    names.add({
      [`_sips._tcp.${domain}`]: { srv: [`1 1 ${eve.port} s1.${domain}`] },
      [`_sip._udp.${domain}`]: { srv: [`1 1 ${bob.port} s1.${domain}`] },
      ...hosts(domain, '127.0.0.1'),
    });
    const alice = await world.call(`sips:bob@${domain}`);
    assert.equal((await alice.tells('ended')).cause.by, 'network');
    assert.deepEqual([eve.received.length, bob.received.length], [0, 0]);
  });

  it('of priorities is called at the next when the first refuses the connection', async () => {
    const bob = await world.peer({ protocol: 'tcp' });
    const closed = await freePort();
    const domain = domainOf((name) => ({
      [`_sip._tcp.${name}`]: { srv: [`20 1 ${bob.port} s2.${name}`, `10 1 ${closed} s1.${name}`] },
      ...hosts(name, '127.0.0.1', '127.0.0.1'),
    }));
    const alice = await world.call(`bob@${domain}`);
    const invite = await answers(bob, alice);
    assert.equal(invite.cseq, 2);
    assert.ok(alice.labels.some((label) => label.includes('next target')));
    await hangsUp(bob, alice);
  });

  it('of which one is silent is called at the other, and the next call goes there at once', async () => {
    const silent = await world.peer({ address: '127.0.0.21' });
    const bob = await world.peer({ address: '127.0.0.22' });
    const domain = domainOf((name) => ({
      [`_sip._udp.${name}`]: { srv: [`1 1 ${silent.port} s1.${name}`, `2 1 ${bob.port} s2.${name}`] },
      ...hosts(name, '127.0.0.21', '127.0.0.22'),
    }));
    const first = await world.call(`bob@${domain}`);
    await answers(bob, first);
    assert.equal(silent.distinct('INVITE'), 1);
    const second = await world.call(`bob@${domain}`);
    await answers(bob, second);
    assert.equal(silent.distinct('INVITE'), 1);
    await hangsUp(bob, first);
    await hangsUp(bob, second);
  });

  it('of which all have failed is tried in order again, as one may be back', async () => {
    const bob = await world.peer({ address: '127.0.0.23' });
    const domain = domainOf((name) => ({
      [`_sip._udp.${name}`]: { srv: [`1 1 ${bob.port} s1.${name}`] },
      ...hosts(name, '127.0.0.23'),
    }));
    const first = await world.call(`bob@${domain}`);
    bob.takes(await bob.receives('INVITE')).reply(503, 'Service Unavailable');
    assert.equal((await first.tells('ended')).cause.code, 503);
    const second = await world.call(`bob@${domain}`);
    await answers(bob, second);
    await hangsUp(bob, second);
  });

  it('with an IPv6 and an IPv4 address is called by IPv6, and by IPv4 when that is silent', async () => {
    const bob = await world.peer();
    const six = await world.peer({ address: '::1', port: bob.port });
    const domain = domainOf((name) => ({ [name]: { aaaa: ['::1'], a: ['127.0.0.1'] } }));
    const alice = await world.call(`bob@${domain}:${bob.port}`);
    const invite = await answers(bob, alice);
    assert.match(invite.header('Via'), /^SIP\/2\.0\/UDP 127\.0\.0\.1:/);
    assert.match(invite.body, /c=IN IP4 127\.0\.0\.1/);
    const [unheard] = six.received;
    assert.match(unheard?.header('Via') ?? '', /^SIP\/2\.0\/UDP \[::1\]:/);
    assert.match(unheard?.body ?? '', /c=IN IP6 ::1/);
    await hangsUp(bob, alice);
  });
});

describe('a proxy of several servers that stays in the way of a call', () => {
  interface Cluster {
    readonly first: FakeSipPeer;
    readonly second: FakeSipPeer;
    readonly alice: WatchedLeg;
    readonly bye: () => Promise<void>;
  }

  /** A call that is up by way of `first`; its route names both. */
  async function callBy(one: string, other: string): Promise<Cluster> {
    const first = await world.peer({ address: one });
    const second = await world.peer({ address: other });
    const domain = domainOf((name) => ({
      [`_sip._udp.${name}`]: { srv: [`1 1 ${first.port} s1.${name}`, `2 1 ${second.port} s2.${name}`] },
      ...hosts(name, one, other),
    }));
    const alice = await world.call(`bob@${domain}`);
    await answers(first, alice, [`Record-Route: <sip:${domain};lr>`]);
    return { first, second, alice, bye: () => alice.leg.end(normalEnd('caller')) };
  }

  it('and falls silent gets the BYE at its other server, as another transaction', async () => {
    const { first, second, bye } = await callBy('127.0.0.31', '127.0.0.32');
    await bye();
    const unheard = await first.receives('BYE');
    const heard = await second.receives('BYE');
    second.takes(heard).reply(200, 'OK', { to: heard });
    assert.equal(heard.header('Call-ID'), unheard.header('Call-ID'));
    assert.equal(heard.cseq, unheard.cseq);
    assert.notEqual(heard.header('Via'), unheard.header('Via'));
    assert.deepEqual([first.distinct('BYE'), second.distinct('BYE')], [1, 1]);
  });

  it('and has no time (503) gets the BYE at its other server', async () => {
    const { first, second, bye } = await callBy('127.0.0.33', '127.0.0.34');
    await bye();
    const refused = await first.receives('BYE');
    first.takes(refused).reply(503, 'Service Unavailable', { to: refused });
    const heard = await second.receives('BYE');
    second.takes(heard).reply(200, 'OK', { to: heard });
    assert.equal(second.count('BYE'), 1);
  });

  it('and falls silent gets a hold at its other server, whose answer counts', async () => {
    const { first, second, alice, bye } = await callBy('127.0.0.35', '127.0.0.36');
    await alice.leg.hold(true);
    const unheard = await first.receives('INVITE');
    const heard = await second.receives('INVITE');
    assert.match(heard.body, /a=sendonly/);
    assert.notEqual(heard.header('Via'), unheard.header('Via'));
    const dialog = second.takes(heard);
    dialog.reply(200, 'OK', { to: heard, sdp: phoneSdp({ direction: 'recvonly', version: 2 }) });
    await second.receives('ACK');
    await bye();
    const end = await second.receives('BYE');
    dialog.reply(200, 'OK', { to: end });
    assert.equal(first.count('BYE'), 0);
  });
});

it('a domain that has IPv6 only is out of reach in words where SIP has no IPv6', async () => {
  const four = await SipWorld.open({ dns: names.dns, networks: peerNetworks(['::1/128']) });
  const domain = domainOf((name) => ({ [name]: { aaaa: ['::1'] } }));
  const alice = await four.call(`bob@${domain}`);
  const { cause } = await alice.tells('ended');
  assert.deepEqual([cause.code, cause.detail], [503, 'no way to ::1: SIP listens on no address of its IP version']);
  await four.close();
});
