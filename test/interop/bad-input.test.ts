import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, hostAddress, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';
import { RawClient } from '../peers/raw-client.ts';

/** A call runs all the while; every test ends by hearing that it still does. */
describe('nonsense, while a call runs', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let bob: Baresip;
  let alice: PagePhone;
  let call: string;
  before(async () => {
    gateway = await startGateway({ SYLK_PEER_NETWORKS: `127.0.0.1/32,${hostAddress()}/32` });
    browser = await startChromium();
    bob = await Baresip.start();
    alice = await PagePhone.open(browser, gateway.origin, await gateway.mint());
    call = await alice.call(bob.uri);
    await alice.reaches(call, 'established');
    await alice.hears(call, 1000);
  });
  after(async () => {
    await browser?.close();
    await bob?.stop();
    await gateway?.stop();
  });

  async function unharmed(): Promise<void> {
    assert.ok(gateway.signaling.isRunning && gateway.edge.isRunning, 'a process ended');
    const before = (await alice.media(call)).audioPackets;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.ok((await alice.media(call)).audioPackets - before > 40, 'the running call suffered');
    assert.equal((await alice.see(call)).state, 'established');
  }

  it('frames that are no requests get no answer, and the connection stays', async () => {
    const client = await RawClient.ready(gateway.origin);
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '42',
      '"x"',
      '{"sylkrtc":42}',
      '{"transaction":"t"}',
      '{"sylkrtc":"no-such","transaction":"t"}',
      `{"a":${'['.repeat(5_000)}`,
    ])
      client.send(text);
    client.send(randomBytes(64));
    assert.equal((await client.ask({ sylkrtc: 'ping' })).sylkrtc, 'ack');
    assert.deepEqual(
      client.frames.map((frame) => frame.sylkrtc),
      ['ready-event', 'ack'],
    );
    client.close();
    await unharmed();
  });

  it('a frame above the limit closes the connection with 1009', async () => {
    const client = await RawClient.ready(gateway.origin);
    client.send(`{"sylkrtc":"ping","transaction":"${'x'.repeat(200_000)}"}`);
    await until(() => client.closeCode === 1009, `closed with ${client.closeCode}`);
    await unharmed();
  });

  it('hostile and absurd SDP is refused, each with a reason', async () => {
    const client = await RawClient.ready(gateway.origin);
    await client.add(await gateway.mint());
    const absurd = [
      'x',
      'v=0',
      'v=0\r\nm=audio',
      'v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\n',
      `v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\n${'m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(500)}`,
      'v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 999\r\na=rtpmap:999 X/0\r\n',
    ];
    for (const sdp of absurd) {
      const session = randomUUID();
      const reply = await client.ask({ sylkrtc: 'session-create', session, account: 'x', uri: bob.uri, sdp });
      assert.equal(reply.sylkrtc, 'error');
    }
    client.close();
    await unharmed();
  });

  it('somebody else may neither end, answer nor resume the running call', async () => {
    const client = await RawClient.ready(gateway.origin);
    const mallory = await gateway.mint();
    await client.add(mallory);
    assert.equal((await client.ask({ sylkrtc: 'session-terminate', session: call })).error, `Unknown session ${call}`);
    assert.equal(
      (await client.ask({ sylkrtc: 'session-answer', session: call, sdp: 'v=0' })).error,
      `Unknown session ${call}`,
    );
    const resumed = await client.ask({
      sylkrtc: 'session-resume',
      account: mallory.address,
      session: call,
      secret: 'x'.repeat(32),
      last_event: 0,
    });
    assert.equal(resumed.error, `Unknown session ${call}`);
    client.close();
    await unharmed();
  });

  it('an account that was never added or has another password cannot call', async () => {
    const client = await RawClient.ready(gateway.origin);
    const [known, other] = [await gateway.mint(), await gateway.mint()];
    const create = { sylkrtc: 'session-create', uri: bob.uri, sdp: 'v=0' };
    const unknown = await client.ask({ ...create, session: randomUUID(), account: known.address });
    assert.equal(unknown.error, `Unknown account specified: ${known.address}`);
    await client.add({ address: known.address, password: other.password });
    const unverified = await client.ask({ ...create, session: randomUUID(), account: known.address });
    assert.equal(unverified.error, 'Account not authenticated');
    client.close();
    await unharmed();
  });

  it('nobody makes us connect to loopback, link-local, metadata or private addresses', async () => {
    for (const target of [
      'x@127.0.0.2',
      'x@169.254.169.254',
      'x@[::1]',
      'x@[fe80::1]',
      'x@10.1.2.3',
      'x@0.0.0.0',
      'x@localhost.localdomain:22',
      'x@[::ffff:169.254.169.254]',
    ]) {
      const refused = await alice.call(target);
      const seen = await alice.reaches(refused, 'terminated', 20_000);
      assert.match(
        seen.reason ?? '',
        /^(403|404|408|478|480|502|503) |^DNS lookup error: /,
        `${target}: ${seen.reason}`,
      );
    }
    await unharmed();
  });

  it('garbage on the SIP port, in datagrams and in streams, is dropped', async () => {
    const socket = createSocket('udp4');
    for (let index = 0; index < 300; index++)
      socket.send(randomBytes(1 + ((index * 7) % 1400)), gateway.sipPort, '127.0.0.1');
    for (const text of [
      '\r\n\r\n',
      'INVITE',
      'INVITE sip:x SIP/2.0\r\n\r\n',
      'SIP/2.0 200 OK\r\nCSeq: x\r\n\r\n',
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nCSeq: 1 INVITE\r\nCall-ID: x\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n\r\n',
    ])
      socket.send(text, gateway.sipPort, '127.0.0.1');
    const stream = connect(gateway.sipPort, '127.0.0.1');
    stream.on('error', () => stream.destroy());
    stream.write(randomBytes(100_000));
    await new Promise((resolve) => setTimeout(resolve, 500));
    socket.close();
    stream.destroy();
    await unharmed();
  });

  it('ICE that never completes ends with the cause in words', async () => {
    const client = await RawClient.ready(gateway.origin);
    const account = await gateway.mint();
    await client.add(account);
    const session = randomUUID();
    const sdp = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=group:BUNDLE 0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 0',
      'c=IN IP4 0.0.0.0',
      'a=ice-ufrag:abcd',
      'a=ice-pwd:abcdefghijklmnopqrstuvwx',
      `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
      'a=setup:actpass',
      'a=mid:0',
      'a=sendrecv',
      'a=rtcp-mux',
      'a=rtpmap:0 PCMU/8000',
      'a=ssrc:1234 cname:x',
      '',
    ].join('\r\n');
    assert.equal(
      (
        await client.ask({
          sylkrtc: 'session-create',
          session,
          account: account.address,
          uri: `echo@${gateway.domain}`,
          sdp,
        })
      ).sylkrtc,
      'ack',
    );
    const ended = await client.next((frame) => frame.session === session && frame.state === 'terminated', 45_000);
    assert.match(String(ended.reason), /ICE|media/i);
    client.close();
    await unharmed();
  });

  it('a thousand sockets from one address: the first ones are served, the rest refused', async () => {
    const url = `${gateway.origin.replace(/^http/, 'ws')}/webrtcgateway/ws`;
    const clients: RawClient[] = [];
    for (let batch = 0; batch < 10; batch++) {
      clients.push(...Array.from({ length: 100 }, () => new RawClient(url)));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await until(
      () => clients.every((client) => client.frames.length > 0 || client.closeCode !== undefined),
      'some were neither served nor refused',
    );
    const served = clients.filter((client) => client.frames.length > 0).length;
    assert.ok(served >= 50 && served <= 100, `${served} were served`);
    for (const client of clients) client.socket.terminate();
    await unharmed();
  });
});

async function until(isTrue: () => boolean, complaint: string, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
