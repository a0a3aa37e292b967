/** Phones, proxies and tools that others wrote, over each transport and IP version; echo answers, and they hear their own tone. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import { phoneSdp } from '../../fakes/sip-text.ts';
import { Baresip, type BaresipOptions } from '../../peers/baresip.ts';
import { type Gateway, hostAddress, startGateway } from '../../peers/gateway.ts';
import { Kamailio } from '../../peers/kamailio.ts';
import { freePort } from '../../peers/ports.ts';
import { PeerProcess } from '../../peers/process.ts';
import { Sipp } from '../../peers/sipp.ts';
import { TlsAuthority } from '../../peers/tls-authority.ts';
import { browserAnswer, SipWorld } from '../../scenario/sip-world.ts';

const authority = new TlsAuthority();
const files = authority.issue({ names: ['sylk.test', '127.0.0.1', '::1'] });
let gateway: Gateway;
before(async () => {
  gateway = await startGateway({
    SYLK_TLS_CERT: files.certFile,
    SYLK_TLS_KEY: files.keyFile,
    SYLK_SIP_TLS_TRUST: authority.certFile,
    SYLK_PEER_NETWORKS: `127.0.0.0/8,::1/128,${hostAddress()}/24,fd00::/8`,
  });
});
after(async () => {
  await gateway.stop();
  authority.close();
});

/** The first half second of a recording does not count. */
const talkMs = 1_300;

/** A call to echo from beginning to end. @returns what it heard, Hz */
async function callsEcho(options: BaresipOptions, to: string): Promise<number | undefined> {
  const bob = await Baresip.start({ toneHz: 440, ...options });
  try {
    bob.dial(to);
    await bob.event('CALL_ESTABLISHED');
    await new Promise((resolve) => setTimeout(resolve, talkMs));
    bob.command('hangup');
    await bob.event('CALL_CLOSED');
    return await bob.heardHz();
  } finally {
    await bob.stop();
  }
}

const isNear440 = (hz: number | undefined): boolean => hz !== undefined && Math.abs(hz - 440) <= 9;

describe('baresip calls echo', () => {
  const ways: [name: string, options: BaresipOptions, to: () => string][] = [
    ['by UDP over IPv4', {}, () => `echo@127.0.0.1:${gateway.sipPort}`],
    ['by TCP over IPv4', { transport: 'tcp' }, () => `echo@127.0.0.1:${gateway.sipPort}`],
    [
      'by TLS over IPv4, whose certificate it believes',
      { transport: 'tls', authorities: authority.certFile },
      () => `echo@127.0.0.1:${gateway.sipsPort}`,
    ],
    ['by UDP over IPv6', { address: '::1' }, () => `echo@[::1]:${gateway.sipPort}`],
    ['by TCP over IPv6', { address: '::1', transport: 'tcp' }, () => `echo@[::1]:${gateway.sipPort}`],
    ['by TLS over IPv6', { address: '::1', transport: 'tls' }, () => `echo@[::1]:${gateway.sipsPort}`],
  ];
  for (const [name, options, to] of ways) {
    it(`${name}, hears itself, and hangs up`, async () => {
      const hz = await callsEcho(options, to());
      assert.ok(isNear440(hz), `heard ${hz} Hz`);
    });
  }
});

describe('Kamailio', () => {
  it('brings a phone to echo from UDP to TLS, and stays in the way for its BYE', async () => {
    const own = authority.issue({ names: ['provider.test', '127.0.0.1'] });
    const proxy = await Kamailio.start({
      isOpen: true,
      tls: { certificate: own.certFile, key: own.keyFile },
      ways: { echo: `sip:127.0.0.1:${gateway.sipsPort};transport=tls` },
    });
    try {
      const hz = await callsEcho({}, `echo@127.0.0.1:${proxy.port}`);
      assert.ok(isNear440(hz), `heard ${hz} Hz`);
      await proxy.says(/request BYE/);
    } finally {
      await proxy.stop();
    }
  });
});

describe('Kamailio as our outbound proxy', () => {
  let proxy: Kamailio;
  let world: SipWorld;
  const phonePort = freePort();
  before(async () => {
    const own = authority.issue({ names: ['127.0.0.1'] });
    const phone = `sip:127.0.0.1:${await phonePort}`;
    proxy = await Kamailio.start({
      isOpen: true,
      tls: { certificate: own.certFile, key: own.keyFile },
      ways: { bob: phone },
    });
    world = await SipWorld.open({
      outboundProxy: `sip:127.0.0.1:${proxy.tlsPort};transport=tls`,
      tls: {
        port: await freePort(),
        identity: authority.issue({ names: ['gateway.test', '127.0.0.1'] }),
        authorities: [authority.cert],
        isLenient: () => false,
      },
      networks: peerNetworks(['127.0.0.0/8']),
      media: { encryption: 'off' },
    });
  });
  after(async () => {
    await world.close();
    await proxy.stop();
  });

  it('takes our call by TLS to a phone on UDP; ACK and BYE follow its Record-Route', async () => {
    const bob = await world.peer({ port: await phonePort });
    const alice = await world.call('bob@elsewhere.example');
    const invite = await bob.receives('INVITE');
    assert.equal(invite.startLine, 'INVITE sip:bob@elsewhere.example SIP/2.0');
    assert.match(invite.headers('Via').at(-1) ?? '', /^SIP\/2\.0\/TLS 127\.0\.0\.1:/);
    const routes = invite.headers('Record-Route');
    assert.ok(routes.length > 0 && routes.join().includes('transport=tls'));
    const headers = routes.map((route) => `Record-Route: ${route}`);
    bob.takes(invite).reply(200, 'OK', { sdp: phoneSdp(), headers });
    await bob.receives('ACK');
    await alice.tells('answered');
    await alice.leg.end(normalEnd('caller'));
    const bye = await bob.receives('BYE');
    bob.takes(bye).reply(200, 'OK', { to: bye });
    assert.match(bye.headers('Via').at(-1) ?? '', /^SIP\/2\.0\/TLS 127\.0\.0\.1:/);
    assert.equal(world.endpoint.connections.tls, 1);
  });
});

describe('sipsak asks the port with OPTIONS', () => {
  for (const transport of ['udp', 'tcp']) {
    it(`by ${transport.toUpperCase()}, and gets 200`, async () => {
      const asking = new PeerProcess('sipsak', ['-vv', '-E', transport, '-s', `sip:127.0.0.1:${gateway.sipPort}`]);
      await asking.says(/SIP\/2\.0 200 OK/);
      await asking.stop();
    });
  }
});

describe('SIPp over IPv6', () => {
  let six: SipWorld;
  const sipps: Sipp[] = [];
  before(async () => {
    six = await SipWorld.open({ addresses: ['::1'], networks: peerNetworks(['::1/128']) });
  });
  after(async () => {
    await Promise.all(sipps.map((one) => one.stop()));
    await six.close();
  });

  it('calls us by TCP, and our Contact is a literal in brackets', async () => {
    const to = ['-sn', 'uac', `[::1]:${six.gateway.port}`, '-i', '::1', '-s', 'alice', '-t', 't1'];
    const carol = await Sipp.start([...to, '-p', String(await freePort()), '-m', '1']);
    sipps.push(carol);
    const alice = await six.takes(await six.invited(10_000));
    await alice.leg.accept(browserAnswer());
    await carol.succeeds();
    assert.ok(alice.trace.some(({ detail }) => detail?.includes(`@[::1]:${six.gateway.port};transport=tcp>`)));
  });

  it('is called by TCP, and hung up', async () => {
    const port = await freePort();
    const bob = await Sipp.start([
      '-sn',
      'uas',
      '-i',
      '::1',
      '-p',
      String(port),
      '-t',
      't1',
      '-m',
      '1',
      '-deadcall_wait',
      '0',
    ]);
    sipps.push(bob);
    await listens('::1', port);
    const alice = await six.call(`bob@[::1]:${port};transport=tcp`);
    await alice.tells('answered', 10_000);
    await alice.leg.end(normalEnd('caller'));
    await bob.succeeds();
  });
});

/** TCP does not repeat what came too early. */
async function listens(host: string, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, host);
    const isUp = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`nobody listens on ${host} port ${port}`);
}

it('a renewed certificate is shown by the running gateway, within seconds and without a restart', async () => {
  const renewed = authority.issue({ names: ['sylk.test'], commonName: 'renewed.test' });
  await writeFile(files.keyFile, renewed.key);
  await writeFile(files.certFile, renewed.cert);
  await gateway.edge.says(/SIP over TLS shows its new certificate/, 15_000);
  const client = new PeerProcess('openssl', ['s_client', '-connect', `127.0.0.1:${gateway.sipsPort}`]);
  await client.says(/CN ?= ?renewed\.test/);
  await client.stop();
});
