/** Calls out over TLS: servers that show certificates, right and wrong ones. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import type { FakeSipPeer, FakeSipPeerOptions } from '../../fakes/fake-sip-peer.ts';
import { phoneSdp, type SipText } from '../../fakes/sip-text.ts';
import { DnsServer } from '../../peers/dns-server.ts';
import { freePort } from '../../peers/ports.ts';
import { TlsAuthority } from '../../peers/tls-authority.ts';
import { SipWorld, type WatchedLeg } from '../../scenario/sip-world.ts';

let authority: TlsAuthority;
let stranger: TlsAuthority;
let names: DnsServer;
let world: SipWorld;
let tlsPort: number;

before(async () => {
  authority = new TlsAuthority();
  stranger = new TlsAuthority();
  names = await DnsServer.start({ 'far.test': { a: ['127.0.0.1'] }, 'other.test': { a: ['127.0.0.1'] } });
  tlsPort = await freePort();
  const isLenient = (address: string) => address === '127.0.0.66';
  world = await SipWorld.open({
    tls: {
      port: tlsPort,
      identity: authority.issue({ names: ['gateway.test', '127.0.0.1'] }),
      authorities: [authority.cert],
      isLenient,
    },
    dns: names.dns,
    // As on the Internet, where failures are told as they are.
    networks: { refusal: () => undefined, isTrusted: isLenient, isPrivate: () => false },
    media: { encryption: 'off' },
    streamLimits: { connectMs: 1_000 },
  });
});
after(async () => {
  await world.close();
  await names.close();
  authority.close();
  stranger.close();
});

const secure = (options: FakeSipPeerOptions = {}): Promise<FakeSipPeer> =>
  world.peer({ protocol: 'tls', tls: authority.issue({ names: ['far.test'] }), ...options });

async function answers(bob: FakeSipPeer, alice: WatchedLeg, contact = bob.contact): Promise<SipText> {
  const invite = await bob.receives('INVITE');
  bob.takes(invite).reply(200, 'OK', { sdp: phoneSdp(), contact });
  await bob.receives('ACK');
  await alice.tells('answered');
  assert.equal(world.rtp.remotes.at(-1)?.port, 15_900);
  return invite;
}

async function hangsUp(bob: FakeSipPeer, alice: WatchedLeg): Promise<SipText> {
  await alice.leg.end(normalEnd('caller'));
  const bye = await bob.receives('BYE');
  bob.takes(bye).reply(200, 'OK', { to: bye });
  return bye;
}

/** The end of a call that must not even reach its peer. */
async function failureOf(to: string, peer?: FakeSipPeer): Promise<string> {
  const alice = await world.call(to);
  const { cause } = await alice.tells('ended');
  assert.equal(peer?.received.length ?? 0, 0);
  assert.equal(cause.by, 'network');
  return `${cause.code} ${cause.detail}`;
}

describe('a call out over TLS', () => {
  it('goes to a server whose certificate names the domain that was called, and stays on its connection', async () => {
    const bob = await secure();
    const alice = await world.call(`bob@far.test:${bob.port};transport=tls`);
    const invite = await answers(bob, alice);
    assert.match(
      invite.header('Via'),
      new RegExp(`^SIP/2\\.0/TLS 127\\.0\\.0\\.1:${tlsPort};branch=[^;]+;alias;rport`),
    );
    assert.equal(invite.header('Contact'), `<sip:alice@127.0.0.1:${tlsPort};transport=tls>`);
    await hangsUp(bob, alice);
    assert.equal(bob.streams.accepted.length, 1);
  });

  it('asks for the server by its name (SNI), and shows a certificate of its own', async () => {
    const bob = await secure({ tls: { ...authority.issue({ names: ['far.test'] }), ca: authority.cert } });
    const alice = await world.call(`bob@far.test:${bob.port};transport=tls`);
    await answers(bob, alice);
    const [socket] = bob.streams.accepted;
    assert.equal(socket && Reflect.get(socket, 'servername'), 'far.test');
    assert.equal(socket && Reflect.get(socket, 'authorized'), true);
    await hangsUp(bob, alice);
  });

  it('to a sips address has sips in target, To and Contact, and in the BYE', async () => {
    const bob = await secure({ tls: authority.issue({ names: ['far.test', '127.0.0.1'] }) });
    const alice = await world.call(`sips:bob@far.test:${bob.port}`);
    const invite = await answers(bob, alice, `<sips:bob@127.0.0.1:${bob.port}>`);
    assert.equal(invite.startLine, `INVITE sips:bob@far.test:${bob.port} SIP/2.0`);
    assert.equal(invite.uri('To'), 'sips:bob@far.test');
    assert.equal(invite.header('Contact'), `<sips:alice@127.0.0.1:${tlsPort}>`);
    const bye = await hangsUp(bob, alice);
    assert.equal(bye.startLine, `BYE sips:bob@127.0.0.1:${bob.port} SIP/2.0`);
  });

  it('to a sips address that asks for UDP is refused in words', async () => {
    assert.match(await failureOf('sips:bob@far.test;transport=udp'), /^503 transport udp is not spoken, expected tls/);
  });

  it('to a sips address never goes by a server without TLS', async () => {
    const plain = await world.peer({ protocol: 'tcp' });
    assert.match(await failureOf(`sips:bob@far.test:${plain.port};transport=tcp`, plain), /503/);
  });

  it('fails in words where the certificate names other domains', async () => {
    const eve = await secure({ tls: authority.issue({ names: ['else.test', 'third.test'] }) });
    assert.equal(
      await failureOf(`bob@far.test:${eve.port};transport=tls`, eve),
      `503 nothing could be sent to tls 127.0.0.1:${eve.port}: its certificate is for else.test, third.test, not for far.test`,
    );
  });

  it('takes no wildcard for a domain', async () => {
    const eve = await secure({ tls: authority.issue({ names: ['*.test'] }) });
    assert.match(await failureOf(`bob@far.test:${eve.port};transport=tls`, eve), /certificate is for \*\.test, not/);
  });

  it('believes the sip URI of a certificate', async () => {
    const bob = await secure({ tls: authority.issue({ names: ['sip:far.test', 'else.test'] }) });
    const alice = await world.call(`bob@far.test:${bob.port};transport=tls`);
    await answers(bob, alice);
    await hangsUp(bob, alice);
  });

  it('does not believe a host name where a sip URI names another domain', async () => {
    const eve = await secure({ tls: authority.issue({ names: ['sip:else.test', 'far.test'] }) });
    assert.match(await failureOf(`bob@far.test:${eve.port};transport=tls`, eve), /certificate is for else\.test, not/);
  });

  it('fails in words where nobody known stands for the certificate', async () => {
    const eve = await secure({ tls: stranger.issue({ names: ['far.test'] }) });
    assert.match(
      await failureOf(`bob@far.test:${eve.port};transport=tls`, eve),
      /its certificate is not to be believed/,
    );
  });

  it('fails in words where the certificate has expired', async () => {
    const eve = await secure({ tls: authority.issue({ names: ['far.test'], isExpired: true }) });
    assert.match(await failureOf(`bob@far.test:${eve.port};transport=tls`, eve), /not to be believed \(.*EXPIRED/);
  });

  it('fails in words where something else than TLS answers', async () => {
    const plain = await world.peer({ protocol: 'tcp' });
    const words = await failureOf(`bob@far.test:${plain.port};transport=tls`);
    assert.match(words, /^503 nothing could be sent to tls 127\.0\.0\.1:\d+: \w/);
  });

  it('takes any certificate of a server that the operator trusts for where it is', async () => {
    const bob = await secure({ address: '127.0.0.66', tls: stranger.issue({ names: [] }) });
    const alice = await world.call(`bob@127.0.0.66:${bob.port};transport=tls`);
    await answers(bob, alice);
    await hangsUp(bob, alice);
  });

  it('shares a connection with another call to the same domain', async () => {
    const bob = await secure();
    const first = await world.call(`bob@far.test:${bob.port};transport=tls`);
    await answers(bob, first);
    const second = await world.call(`bob@far.test:${bob.port};transport=tls`);
    await answers(bob, second);
    assert.equal(bob.streams.accepted.length, 1);
    await hangsUp(bob, first);
    await hangsUp(bob, second);
  });

  it('does not share a connection with a domain that its server has not proven to be', async () => {
    const bob = await secure();
    const alice = await world.call(`bob@far.test:${bob.port};transport=tls`);
    await answers(bob, alice);
    assert.match(await failureOf(`bob@other.test:${bob.port};transport=tls`), /is for far\.test, not for other\.test/);
    await hangsUp(bob, alice);
    assert.equal(bob.distinct('INVITE'), 1);
  });

  it('is hung up by a new connection when the first was lost', async () => {
    const bob = await secure({ tls: authority.issue({ names: ['far.test', '127.0.0.1'] }) });
    const alice = await world.call(`bob@far.test:${bob.port};transport=tls`);
    await answers(bob, alice);
    const before = world.endpoint.connections.tls;
    bob.streams.drop();
    while (world.endpoint.connections.tls === before) await new Promise((resolve) => setImmediate(resolve));
    await hangsUp(bob, alice);
    assert.equal(bob.streams.accepted.length, 2);
  });
});

describe('the media of a call out over TLS', () => {
  let open: SipWorld;
  before(async () => {
    open = await SipWorld.open({
      tls: {
        port: await freePort(),
        identity: authority.issue({ names: ['gateway.test', '127.0.0.1'] }),
        authorities: [authority.cert],
        isLenient: () => true,
      },
      dns: names.dns,
    });
  });
  after(() => open.close());

  const phone = () => open.peer({ protocol: 'tls', tls: authority.issue({ names: ['far.test'] }) });
  const lineOf = ({ text }: SipText) => /^m=audio \d+ (\S+)/m.exec(text)?.[1];

  it('are offered encrypted first: RTP/SAVP with a key, and nothing plain beside it', async () => {
    const bob = await phone();
    await open.call(`bob@far.test:${bob.port};transport=tls`);
    const invite = await bob.receives('INVITE');
    assert.equal(lineOf(invite), 'RTP/SAVP');
    assert.match(invite.text, /^a=crypto:1 \S+ inline:\S+/m);
    assert.doesNotMatch(invite.text, /^m=\S+ \d+ RTP\/AVP/m);
    bob.takes(invite).reply(486, 'Busy Here');
    await bob.receives('ACK');
  });

  it('are offered plain to a phone that refuses encryption with 488', async () => {
    const bob = await phone();
    const alice = await open.call(`bob@far.test:${bob.port};transport=tls`);
    const first = await bob.receives('INVITE');
    bob.takes(first).reply(488, 'Not Acceptable Here');
    await bob.receives('ACK');
    const second = await bob.receives('INVITE');
    assert.deepEqual([lineOf(first), lineOf(second)], ['RTP/SAVP', 'RTP/AVP']);
    assert.doesNotMatch(second.text, /a=crypto/);
    bob.takes(second).reply(200, 'OK', { sdp: phoneSdp(), contact: bob.contact });
    await bob.receives('ACK');
    await alice.tells('answered');
  });
});
