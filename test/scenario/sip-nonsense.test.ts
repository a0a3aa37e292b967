import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { normalEnd } from '../../media-edge/src/call/end-cause.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp, randomToken } from '../fakes/sip-text.ts';
import { SipWorld } from './sip-world.ts';

let world: SipWorld;
let port: number;
let eve: FakeSipPeer;
before(async () => {
  world = await SipWorld.open();
  port = world.gateway.port;
  eve = await world.peer();
});
after(() => world.close());

const sends = (bytes: string | Buffer) => eve.sendTo('127.0.0.1', port, bytes);

/** @param sender its `host:port` */
const requestOf = (sender: string, method: string, target: string, headers: readonly string[] = []) =>
  [
    `${method} ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${sender};branch=z9hG4bK${randomToken()};rport`,
    'From: <sip:eve@127.0.0.1>;tag=e',
    'To: <sip:alice@gateway.test>',
    `Call-ID: ${randomToken()}`,
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

const request = (method: string, target: string, headers: readonly string[] = []) =>
  requestOf(`127.0.0.1:${eve.port}`, method, target, headers);

/** A call from end to end, as proof that nothing was harmed. */
async function callWorks(): Promise<void> {
  const bob = await world.peer();
  const alice = await world.call(bob.uri);
  const dialog = bob.takes(await bob.receives('INVITE'));
  dialog.reply(200, 'OK', { sdp: phoneSdp() });
  await bob.receives('ACK');
  await alice.tells('answered');
  await alice.leg.end(normalEnd('caller'));
  dialog.reply(200, 'OK', { to: await bob.receives('BYE') });
}

/** Waits until nothing more comes in. */
async function settled(): Promise<void> {
  for (let last = -1; last !== world.endpoint.counts.received; ) {
    last = world.endpoint.counts.received;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('the SIP port', () => {
  const answers: [string, () => string, string][] = [
    ['an OPTIONS', () => request('OPTIONS', 'sip:gateway.test'), '200'],
    ['an OPTIONS to our address', () => request('OPTIONS', `sip:127.0.0.1:${port}`), '200'],
    ['an OPTIONS for others', () => request('OPTIONS', 'sip:elsewhere.test'), '404'],
    [
      'a call to another domain',
      () => request('INVITE', 'sip:bob@elsewhere.test', ['Contact: <sip:eve@127.0.0.1>']),
      '404',
    ],
    ['a REGISTER before accounts are known', () => request('REGISTER', 'sip:gateway.test'), '503'],
    ['a MESSAGE to nobody', () => request('MESSAGE', 'sip:gateway.test'), '484'],
    ['a REFER', () => request('REFER', 'sip:alice@gateway.test'), '403'],
    ['a method that nobody knows', () => request('FLY', 'sip:alice@gateway.test'), '501'],
    ['a BYE for nothing', () => request('BYE', 'sip:alice@gateway.test'), '481'],
    [
      'a BYE for an unknown dialog',
      () => request('BYE', 'sip:alice@gateway.test').replace('gateway.test>\r\nCall', 'gateway.test>;tag=x\r\nCall'),
      '481',
    ],
    ['two of To', () => request('BYE', 'sip:alice@gateway.test', ['To: <sip:a@b>;tag=x']), '400'],
    [
      'an extension that we do not have',
      () => request('INVITE', 'sip:alice@gateway.test', ['Contact: <sip:e@h>', 'Require: x']),
      '420',
    ],
    ['another version', () => request('INVITE', 'sip:alice@gateway.test').replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), '505'],
    ['a secure URI', () => request('INVITE', 'sips:alice@gateway.test', ['Contact: <sip:eve@127.0.0.1>']), '403'],
  ];
  for (const [name, text, code] of answers) {
    test(`answers ${name} with ${code}`, async () => {
      sends(text());
      const answer = await eve.receives(code);
      assert.match(answer.header('Via'), new RegExp(`;received=127\\.0\\.0\\.1;rport=${eve.port}`));
      assert.notEqual(answer.tag('To'), undefined);
    });
  }

  test('says nothing to a scanner, to keep-alives and to what is no SIP', async () => {
    const before = { ...world.endpoint.counts };
    const came = eve.received.length;
    sends(request('OPTIONS', 'sip:100@gateway.test', ['User-Agent: friendly-scanner']));
    for (const bytes of ['\r\n\r\n', '\0\0\0\0', 'hello', 'GET / HTTP/1.1\r\n\r\n', randomBytes(1_200)]) sends(bytes);
    sends(
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKnone\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n',
    );
    await settled();
    const { counts } = world.endpoint;
    assert.equal(counts.scanner - before.scanner, 1);
    assert.equal(counts.unreadable - before.unreadable, 3);
    assert.equal(counts.failed - before.failed, 0);
    assert.equal(eve.received.length, came);
  });

  test('lives on after thousands of broken messages, and carries calls', async () => {
    const sound = [
      request('INVITE', 'sip:alice@gateway.test', ['Contact: <sip:eve@127.0.0.1:9>']),
      request('BYE', 'sip:alice@gateway.test'),
      `SIP/2.0 183 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n`,
    ];
    const broken = fc
      .tuple(fc.constantFrom(...sound), fc.nat(400), fc.nat(30), fc.uint8Array({ maxLength: 30 }))
      .map(([text, at, cut, garbage]) =>
        Buffer.concat([Buffer.from(text.slice(0, at)), garbage, Buffer.from(text.slice(at + cut))]),
      );
    for (const [index, bytes] of fc.sample(broken, 3_000).entries()) {
      sends(bytes);
      // More at once than its buffer holds is lost before the gateway sees it.
      if (index % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await settled();
    for (const invite of world.invites.splice(0)) invite.reject({ code: 486, phrase: 'Busy Here', by: 'callee' });
    assert.equal(world.endpoint.counts.failed, 0);
    await callWorks();
  });

  test('closes TCP connections that bring nonsense, and carries calls', async () => {
    const before = world.endpoint.counts.tcpDropped;
    const closed = (bytes: string | Buffer) =>
      new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        socket.on('close', () => resolve()).on('error', () => undefined);
      });
    await Promise.all([
      closed('x'.repeat(20_000)),
      closed(randomBytes(20_000)),
      closed('A b SIP/2.0\r\nContent-Length: 9e9\r\n\r\n'),
    ]);
    assert.equal(world.endpoint.counts.tcpDropped - before, 3);
    await callWorks();
  });

  test('closes silent connections beyond forty of one address', async () => {
    const sockets = Array.from({ length: 110 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    const open = () => sockets.filter((socket) => !socket.destroyed && socket.readyState === 'open').length;
    for (let tries = 0; tries < 100 && (open() > 40 || sockets.some(({ connecting }) => connecting)); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // A connection that was refused shows it only when something is read from it.
    for (const socket of sockets) socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(open(), 40);
    for (const socket of sockets) socket.destroy();
    await callWorks();
  });
});

test('a stranger who floods is heard no more than the limit says, and the call of another goes on', async () => {
  const open = await SipWorld.open({ networks: peerNetworks(['127.0.0.9/32']) });
  const flood = await open.peer({ address: '127.0.0.8' });
  const options = () => requestOf(`127.0.0.8:${flood.port}`, 'OPTIONS', 'sip:gateway.test');
  const started = performance.now();
  for (let count = 0; count < 300; count++) flood.sendTo('127.0.0.1', open.gateway.port, options());
  for (let tries = 0; tries < 50 && open.endpoint.counts.received < 300; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const allowed = 61 + (performance.now() - started) / 100;
  assert.ok(flood.count('200') >= 60 && flood.count('200') < allowed, `${flood.count('200')} answers`);
  assert.ok(open.endpoint.counts.rateLimited > 200);
  const friend = await open.peer({ address: '127.0.0.9' });
  friend.sendTo('127.0.0.1', open.gateway.port, requestOf(`127.0.0.9:${friend.port}`, 'OPTIONS', 'sip:gateway.test'));
  await friend.receives('200');
  await open.close();
});
