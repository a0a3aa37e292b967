import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { normalEnd } from '../../media-edge/src/call/end-cause.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import type { Dns } from '../../media-edge/src/sip/transport/dns.ts';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp, SipText } from '../fakes/sip-text.ts';
import { freePort } from '../peers/ports.ts';
import { browserAnswer, browserOffer, SipWorld, type WatchedLeg } from './sip-world.ts';

const records: Record<string, readonly string[]> = {
  'two.test': ['127.0.0.9', '127.0.0.1'],
  'inside.test': ['127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mixed.test': ['10.9.9.9', '127.0.0.1'],
};

/** Where SRV says that bob is. */
let tcpPort = 0;

const dns: Dns = {
  naptr: async () => [],
  srv: async (name) =>
    name === '_sip._tcp.tcp.test' ? [{ priority: 1, weight: 1, port: tcpPort, name: 'inside.test' }] : [],
  addresses: async (host) => records[host] ?? [],
};

let world: SipWorld;
before(async () => {
  world = await SipWorld.open({ dns, networks: peerNetworks(['127.0.0.0/8']) });
});
after(() => world.close());

async function answer(bob: FakeSipPeer, alice: WatchedLeg): Promise<SipText> {
  const invite = await bob.receives('INVITE');
  bob.takes(invite).reply(200, 'OK', { sdp: phoneSdp() });
  await bob.receives('ACK');
  await alice.tells('answered');
  return invite;
}

describe('whom the gateway reaches, and how', () => {
  const refused: [string, number, RegExp][] = [
    ['bob@10.1.2.3', 403, /private address/],
    ['bob@169.254.169.254', 403, /metadata address/],
    ['bob@[::1]', 403, /loopback/],
    ['bob@[::ffff:10.0.0.1]', 403, /private/],
    ['bob@224.0.0.1', 403, /multicast/],
    ['bob@metadata.test', 403, /metadata/],
    ['bob@nowhere.test', 404, /no such host: nowhere.test/],
    ['bob@inside.test;transport=tls', 503, /tls is not spoken/],
    ['nobody', 484, /not an address/],
    ['bob@', 484, /not an address/],
    ['a b@x', 484, /not an address/],
    ['bob@x\r\nVia: y', 484, /not an address/],
  ];
  for (const [to, code, words] of refused) {
    test(`${JSON.stringify(to)} ends with ${code} in words`, async () => {
      const alice = await world.call(to);
      const { cause } = await alice.tells('ended');
      assert.equal(cause.code, code);
      assert.match(cause.detail ?? '', words);
    });
  }

  test('the gateway itself is not called', async () => {
    const { cause } = await (await world.call(`bob@127.0.0.1:${world.gateway.port}`)).tells('ended');
    assert.equal(cause.code, 403);
    assert.match(cause.detail ?? '', /gateway itself/);
  });

  test('a header that could steer the message is refused', async () => {
    const alice = await world.call('bob@inside.test', {
      headers: [{ name: 'Route', value: '<sip:evil.test;lr>' }],
    });
    const { cause } = await alice.tells('ended');
    assert.deepEqual([cause.code, cause.by], [400, 'gateway']);
    assert.match(cause.detail ?? '', /header not allowed: 'Route'/);
  });

  test('a silent first server is left for the next', async () => {
    const bob = await world.peer();
    const alice = await world.call(`bob@two.test:${bob.port}`);
    const invite = await answer(bob, alice);
    assert.equal(invite.startLine, `INVITE sip:bob@two.test:${bob.port} SIP/2.0`);
    assert.equal(invite.cseq, 2);
    assert.ok(alice.labels.some((label) => label.includes('next target')));
  });

  test('a server that says 503 is left for the next, one that says 486 is believed', async () => {
    const first = await world.peer({ address: '127.0.0.9' });
    const second = await world.peer({ port: first.port });
    const alice = await world.call(`bob@two.test:${first.port}`);
    first.takes(await first.receives('INVITE')).reply(503, 'Service Unavailable');
    await answer(second, alice);
    const other = await world.call(`bob@two.test:${first.port}`);
    second.takes(await second.receives('INVITE')).reply(486, 'Busy Here');
    assert.equal((await other.tells('ended')).cause.code, 486);
    // Neither after the busy one, nor at first, as it had no time a moment ago.
    assert.equal(first.distinct('INVITE'), 1);
  });

  test('an address that may not be called is passed over for one that may', async () => {
    const bob = await world.peer();
    await answer(bob, await world.call(`bob@mixed.test:${bob.port}`));
  });

  test('nobody there: 408 in words after Timer B', async () => {
    const port = await freePort();
    const alice = await world.call(`bob@127.0.0.1:${port}`);
    const { cause } = await alice.tells('ended', 5_000);
    assert.deepEqual([cause.code, cause.by], [408, 'network']);
    assert.equal(cause.detail, `no answer from udp 127.0.0.1:${port}`);
  });

  test('SRV leads to TCP; the whole call stays on one connection', async () => {
    const bob = await world.peer({ protocol: 'tcp' });
    tcpPort = bob.port;
    const alice = await world.call('bob@tcp.test');
    const invite = await answer(bob, alice);
    assert.match(invite.header('Via'), new RegExp(`^SIP/2\\.0/TCP 127\\.0\\.0\\.1:${world.gateway.port};`));
    assert.equal(invite.header('Contact'), `<sip:alice@127.0.0.1:${world.gateway.port};transport=tcp>`);
    await alice.leg.end(normalEnd('caller'));
    await bob.receives('BYE');
  });

  const long = Array.from({ length: 10 }, (_, index) => ({ name: `X-Long-${index}`, value: 'y'.repeat(150) }));

  test('a large INVITE goes by TCP where there is TCP, and by UDP where there is none', async () => {
    const both = await world.peer({ protocol: 'tcp' });
    const alice = await world.call(`bob@127.0.0.1:${both.port}`, { headers: long });
    assert.match((await answer(both, alice)).header('Via'), /TCP/);
    const udp = await world.peer();
    const other = await world.call(`bob@127.0.0.1:${udp.port}`, { headers: long });
    assert.match((await answer(udp, other)).header('Via'), /UDP/);
  });

  test('a phone that calls by TCP is reached on its own connection', async () => {
    const socket = connect(world.gateway.port, '127.0.0.1');
    const answers: SipText[] = [];
    let buffer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      buffer += piece;
      for (let end = buffer.indexOf('\r\n\r\n'); end >= 0; end = buffer.indexOf('\r\n\r\n')) {
        const length = Number(/content-length: (\d+)/i.exec(buffer.slice(0, end))?.[1] ?? 0);
        if (buffer.length < end + 4 + length) return;
        answers.push(new SipText(buffer.slice(0, end + 4 + length)));
        buffer = buffer.slice(end + 4 + length);
      }
    });
    const invite = [
      'INVITE sip:alice@gateway.test SIP/2.0',
      'Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKtcp1',
      'From: <sip:carol@127.0.0.1>;tag=c',
      'To: <sip:alice@gateway.test>',
      'Call-ID: by-tcp',
      'CSeq: 1 INVITE',
      'Contact: <sip:carol@127.0.0.1:9;transport=tcp>',
      'Content-Type: application/sdp',
      `Content-Length: ${phoneSdp().length}`,
      '',
      phoneSdp(),
    ].join('\r\n');
    // In pieces, with a keep-alive before it.
    for (const piece of ['\r\n\r\n', invite.slice(0, 100), invite.slice(100, 300), invite.slice(300)]) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    const until = async (what: string) => {
      for (let tries = 0; tries < 100; tries++) {
        const found = answers.find((message) => message.what === what);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no ${what} on the connection`);
    };
    const ok = await until('200');
    assert.equal(ok.header('Contact'), `<sip:alice@127.0.0.1:${world.gateway.port};transport=tcp>`);
    socket.write(
      [
        `ACK ${ok.uri('Contact')} SIP/2.0`,
        'Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKtcp2',
        'From: <sip:carol@127.0.0.1>;tag=c',
        `To: ${ok.header('To')}`,
        'Call-ID: by-tcp',
        'CSeq: 1 ACK',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    // Its Contact has a port where nobody listens: the BYE comes by the connection all the same.
    await alice.leg.end(normalEnd('callee'));
    assert.match((await until('BYE')).startLine, /^BYE sip:carol@127\.0\.0\.1:9;transport=tcp/);
    socket.destroy();
  });
});

test('an outbound proxy takes every call, by a loose route', async () => {
  const port = await freePort();
  const behind = await SipWorld.open({ outboundProxy: `sip:127.0.0.1:${port}`, dns });
  const proxy = await behind.peer({ port });
  const alice = await behind.dial('bob@far.example.org');
  await alice.leg.start(browserOffer);
  const invite = await proxy.receives('INVITE');
  assert.equal(invite.startLine, 'INVITE sip:bob@far.example.org SIP/2.0');
  assert.equal(invite.header('Route'), `<sip:127.0.0.1:${port};lr>`);
  proxy.takes(invite).reply(486, 'Busy Here');
  assert.equal((await alice.tells('ended')).cause.code, 486);
  await behind.close();
});

test('a domain that cannot be found is told before the call, one that may not be called is not', async () => {
  assert.match((await world.endpoint.lookUpProblem('bob@nowhere.test')) ?? '', /no such host: nowhere\.test/);
  for (const to of ['bob@inside.test', 'bob@10.0.0.1', 'echo@gateway.test']) {
    assert.equal(await world.endpoint.lookUpProblem(to), undefined, to);
  }
});

test('a phone that rings for ever is cancelled: 408 in words', async () => {
  const patient = await SipWorld.open({
    timers: { t1Ms: 50, t2Ms: 400, t4Ms: 500, noAnswerMs: 200, closeMs: 100 },
  });
  const bob = await patient.peer();
  const alice = await patient.call(bob.uri);
  const dialog = bob.takes(await bob.receives('INVITE'));
  dialog.reply(180, 'Ringing');
  const { cause } = await alice.tells('ended');
  assert.deepEqual([cause.code, cause.by, cause.detail], [408, 'callee', 'it rang, but nobody answered']);
  dialog.reply(200, 'OK', { to: await bob.receives('CANCEL') });
  dialog.reply(487, 'Request Terminated');
  await bob.receives('ACK');
  await patient.close();
});

test('behind a NAT, far peers are told the public address in Via, Contact and SDP', async () => {
  const behind = await SipWorld.open({
    publicAddress: '198.51.100.20',
    networks: peerNetworks(['127.0.0.9/32']),
  });
  const far = await behind.peer();
  far
    .calls('alice@gateway.test')
    .request('INVITE', behind.gateway, { uri: 'sip:alice@gateway.test', sdp: phoneSdp({ address: '198.18.0.1' }) });
  await far.receives('488');
  const near = await behind.peer({ address: '127.0.0.9' });
  const alice = await behind.call(near.uri);
  const invite = await near.receives('INVITE');
  assert.match(invite.body, /c=IN IP4 127\.0\.0\.1/);
  assert.equal(invite.header('Contact'), `<sip:alice@127.0.0.1:${behind.gateway.port}>`);
  await alice.leg.end(normalEnd('caller'));
  far
    .calls('alice@gateway.test')
    .request('INVITE', behind.gateway, { uri: 'sip:alice@gateway.test', sdp: phoneSdp({ address: '8.8.8.8' }) });
  const bob = await behind.takes(await behind.invited());
  await bob.leg.accept(browserAnswer());
  const ok = await far.receives('200');
  assert.equal(ok.header('Contact'), `<sip:alice@198.51.100.20:${behind.gateway.port}>`);
  assert.match(ok.body, /c=IN IP4 198\.51\.100\.20/);
  await behind.close();
});

test('the port of another program is an error that names it', async () => {
  const { port } = world.gateway;
  await assert.rejects(SipWorld.open({ port }), new RegExp(`cannot listen on udp 127\\.0\\.0\\.1 port ${port}`));
});

test('the echo address is called over our own port', async () => {
  const alice = await world.dial('echo@gateway.test');
  await alice.leg.start(browserOffer);
  const invite = await world.invited();
  assert.equal(invite.to, 'echo@gateway.test');
  const echo = await world.takes(invite);
  await echo.leg.accept(browserAnswer());
  await alice.tells('answered');
  await alice.leg.end(normalEnd('caller'));
  assert.equal((await echo.tells('ended')).cause.code, 200);
});

test('closing hangs up what is up and refuses what waits', async () => {
  const other = await SipWorld.open();
  const bob = await other.peer();
  const alice = await other.call(bob.uri);
  await answer(bob, alice);
  bob.calls('alice@gateway.test').request('INVITE', other.gateway, { uri: 'sip:alice@gateway.test', sdp: phoneSdp() });
  await other.invited();
  const closed = other.endpoint.close();
  await bob.receives('BYE');
  await bob.receives('503');
  assert.equal((await alice.tells('ended')).cause.code, 503);
  await closed;
  await bob.close();
});
