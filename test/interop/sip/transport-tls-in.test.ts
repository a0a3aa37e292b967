/** Calls in over TLS: phones with and without certificates, a certificate that is renewed, and what TLS itself says. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import type { TlsIdentity } from '../../../media-edge/src/sip/transport/tls.ts';
import type { FakeSipDialog } from '../../fakes/fake-sip-dialog.ts';
import type { FakeSipPeer, FakeSipPeerOptions } from '../../fakes/fake-sip-peer.ts';
import { phoneSdp, type SipText } from '../../fakes/sip-text.ts';
import { DnsServer } from '../../peers/dns-server.ts';
import { freePort } from '../../peers/ports.ts';
import { PeerProcess } from '../../peers/process.ts';
import { TlsAuthority } from '../../peers/tls-authority.ts';
import { browserAnswer, SipWorld, type WatchedLeg } from '../../scenario/sip-world.ts';

let authority: TlsAuthority;
let world: SipWorld;
let names: DnsServer;
let gateway: { readonly address: string; readonly port: number };
let renew: (identity: TlsIdentity) => void;

before(async () => {
  authority = new TlsAuthority();
  names = await DnsServer.start({ 'partner.test': { a: ['127.0.0.1'] } });
  gateway = { address: '127.0.0.1', port: await freePort() };
  world = await SipWorld.open({
    dns: names.dns,
    tls: {
      port: gateway.port,
      identity: authority.issue({ names: ['gateway.test', '127.0.0.1'] }),
      follow: (changed) => {
        renew = changed;
        return () => undefined;
      },
      authorities: [authority.cert],
      clientAuthorities: [authority.cert],
      isLenient: () => false,
    },
    networks: peerNetworks(['127.0.0.0/8']),
    media: { encryption: 'off' },
  });
});
after(async () => {
  await world.close();
  await names.close();
  authority.close();
});

const secure = (options: FakeSipPeerOptions = {}): Promise<FakeSipPeer> =>
  world.peer({ protocol: 'tls', tls: authority.issue({ names: ['partner.test'] }), user: 'carol', ...options });

interface Call {
  readonly alice: WatchedLeg;
  readonly dialog: FakeSipDialog;
  readonly ok: SipText;
}

/** The call of a peer until it stands, by its own connection. */
async function calls(
  carol: FakeSipPeer,
  uri = 'sip:alice@gateway.test',
  headers: readonly string[] = [],
): Promise<Call> {
  const dialog = carol.calls('alice@gateway.test');
  dialog.request('INVITE', gateway, { sdp: phoneSdp(), uri, headers });
  const alice = await world.takes(await world.invited());
  await alice.leg.accept(browserAnswer());
  const ok = await carol.receives('200');
  dialog.learn(ok);
  dialog.request('ACK', gateway);
  assert.equal(world.rtp.remotes.at(-1)?.port, 15_900);
  return { alice, dialog, ok };
}

async function hangsUp(carol: FakeSipPeer, { dialog, alice }: Call): Promise<void> {
  dialog.request('BYE', gateway);
  assert.deepEqual((await alice.tells('ended')).cause, normalEnd('caller'));
  assert.equal((await carol.receives('200')).method, 'BYE');
}

async function weHangUp(carol: FakeSipPeer, { dialog, alice }: Call): Promise<SipText> {
  await alice.leg.end(normalEnd('callee'));
  const bye = await carol.receives('BYE');
  dialog.reply(200, 'OK', { to: bye });
  return bye;
}

describe('a call in over TLS', () => {
  it('is answered by its connection, with a Contact that leads back to TLS', async () => {
    const carol = await secure();
    const call = await calls(carol);
    assert.equal(call.ok.header('Contact'), `<sip:alice@127.0.0.1:${gateway.port};transport=tls>`);
    assert.match(call.ok.header('Via'), /^SIP\/2\.0\/TLS .*;received=127\.0\.0\.1;rport=\d+/);
    await hangsUp(carol, call);
    assert.equal(carol.streams.accepted.length, 0);
  });

  it('is hung up by us on the connection that the caller made, which nobody could make to it', async () => {
    const carol = await secure({ tls: authority.issue({ names: ['elsewhere.test'] }) });
    const call = await calls(carol);
    const bye = await weHangUp(carol, call);
    assert.equal(bye.startLine, `BYE sip:carol@127.0.0.1:${carol.port};transport=tls SIP/2.0`);
    assert.deepEqual([carol.streams.made.length, carol.streams.accepted.length], [1, 0]);
  });

  it('to a sips address is answered with a sips Contact', async () => {
    const carol = await secure();
    const dialog = carol.calls('alice@gateway.test');
    const invite = dialog.request('INVITE', gateway, { sdp: phoneSdp(), uri: 'sips:alice@gateway.test' });
    assert.match(invite, /^INVITE sips:/);
    const refusal = await carol.receives('400');
    assert.equal(refusal.startLine, 'SIP/2.0 400 A call to a sips address needs a sips Contact');
    dialog.request('ACK', gateway, { sameBranch: true });
    const dave = await secure({ isSips: true });
    const call = await calls(dave, 'sips:alice@gateway.test');
    assert.equal(call.ok.header('Contact'), `<sips:alice@127.0.0.1:${gateway.port}>`);
    const bye = await weHangUp(dave, call);
    assert.equal(bye.startLine, `BYE sips:carol@127.0.0.1:${dave.port} SIP/2.0`);
  });

  it('to a sips address is refused when it comes by UDP', async () => {
    const carol = await world.peer({ user: 'carol' });
    const dialog = carol.calls('alice@gateway.test');
    dialog.request('INVITE', world.gateway, { sdp: phoneSdp(), uri: 'sips:alice@gateway.test' });
    const refusal = await carol.receives('403');
    assert.equal(refusal.startLine, 'SIP/2.0 403 A sips address is called by TLS, not UDP');
    assert.equal(world.invites.length, 0);
  });

  it('from a caller without a certificate is taken, and proves nothing', async () => {
    const carol = await secure();
    const own = connect({ ...gateway, host: gateway.address, rejectUnauthorized: false });
    own.write(optionsBy('TLS', 'anonymous'));
    assert.match(await heard(own), /^SIP\/2\.0 200 OK/);
    own.destroy();
    assert.equal(carol.received.length, 0);
  });

  it('from a peer that offers its connection (alias) and has proven its name gets our next call by it', async () => {
    const partner = await secure();
    const call = await calls(partner);
    await hangsUp(partner, call);
    assert.deepEqual([partner.streams.made.length, partner.streams.accepted.length], [1, 0]);
    const back = await world.call(`bob@partner.test:${partner.port};transport=tls`);
    const invite = await partner.receives('INVITE');
    partner.takes(invite).reply(486, 'Busy Here');
    assert.equal((await back.tells('ended')).cause.code, 486);
    // Its certificate names partner.test, and the alias its port: no connection was made to it.
    assert.deepEqual([partner.streams.made.length, partner.streams.accepted.length], [1, 0]);
  });

  it('from somebody who offers a connection for an address of others does not get their calls', async () => {
    const partner = await secure();
    const eve = await secure({ tls: authority.issue({ names: ['eve.test'] }) });
    const dialog = eve.calls('alice@gateway.test');
    eve.sendTo(
      gateway.address,
      gateway.port,
      optionsBy('TLS', `eve;alias`).replace('127.0.0.1:9;', `127.0.0.1:${partner.port};`),
    );
    await eve.receives('200');
    const back = await world.call(`bob@partner.test:${partner.port};transport=tls`);
    partner.takes(await partner.receives('INVITE')).reply(486, 'Busy Here');
    await back.tells('ended');
    assert.deepEqual([eve.count('INVITE'), dialog.callId.length > 0], [0, true]);
  });
});

describe('the TLS port', () => {
  it('speaks TLS 1.3 and 1.2 to openssl, and shows the certificate of our domain', async () => {
    for (const version of ['1_3', '1_2']) {
      const seen = await openssl(`-tls${version}`, '-CAfile', authority.certFile, '-verify_return_error');
      assert.match(seen, /Verify return code: 0 \(ok\)/);
      assert.match(seen, /CN ?= ?gateway\.test/);
    }
  });

  it('speaks nothing older than TLS 1.2', async () => {
    const seen = await openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0');
    assert.match(seen, /alert protocol version|no protocols available|Cipher is \(NONE\)/);
  });

  it('shows a renewed certificate to the next connection, while the call on an older one goes on', async () => {
    const carol = await secure();
    const call = await calls(carol);
    renew(authority.issue({ names: ['gateway.test'], commonName: 'renewed.test' }));
    assert.match(await openssl('-CAfile', authority.certFile), /CN ?= ?renewed\.test/);
    await hangsUp(carol, call);
    renew(authority.issue({ names: ['gateway.test', '127.0.0.1'] }));
  });

  it('drops and counts what is no TLS', async () => {
    const before = world.endpoint.counts.tlsDropped;
    const plain = await world.peer({ protocol: 'tcp' });
    plain.sendTo(gateway.address, gateway.port, optionsBy('TCP', 'plain'));
    while (plain.streams.made.length === 0 || !plain.streams.made[0]?.destroyed)
      await new Promise((resolve) => setImmediate(resolve));
    assert.equal(world.endpoint.counts.tlsDropped, before + 1);
    assert.equal(plain.received.length, 0);
  });
});

function optionsBy(transport: string, name: string): string {
  return [
    'OPTIONS sip:gateway.test SIP/2.0',
    `Via: SIP/2.0/${transport} 127.0.0.1:9;branch=z9hG4bK${name}`,
    `From: <sip:${name.replace(/;.*/, '')}@127.0.0.1>;tag=1`,
    'To: <sip:gateway.test>',
    `Call-ID: ${name}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

const heard = (socket: TLSSocket): Promise<string> =>
  new Promise((resolve, reject) => socket.once('data', (bytes) => resolve(bytes.toString())).once('error', reject));

/** What openssl's own client says of the connection. */
async function openssl(...args: readonly string[]): Promise<string> {
  const place = `${gateway.address}:${gateway.port}`;
  const client = new PeerProcess('openssl', ['s_client', '-connect', place, ...args]);
  while (client.isRunning) await new Promise((resolve) => setTimeout(resolve, 5));
  return client.output;
}
