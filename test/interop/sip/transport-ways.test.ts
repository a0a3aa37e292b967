/** Where answers and requests go when addresses are not what they seem: rport, lost connections, NAT, STUN. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { normalEnd } from '../../../media-edge/src/call/end-cause.ts';
import { peerNetworks } from '../../../media-edge/src/network/peer-networks.ts';
import { phoneSdp, randomToken, sipMessage } from '../../fakes/sip-text.ts';
import { browserAnswer, SipWorld, type SipWorldOptions } from '../../scenario/sip-world.ts';

const worlds: SipWorld[] = [];
after(() => Promise.all(worlds.map((world) => world.close())));

async function open(options: SipWorldOptions = {}): Promise<SipWorld> {
  const world = await SipWorld.open(options);
  worlds.push(world);
  return world;
}

const optionsBy = (transport: string, via: string): string =>
  sipMessage([
    'OPTIONS sip:gateway.test SIP/2.0',
    `Via: SIP/2.0/${transport} ${via};branch=z9hG4bK${randomToken()}`,
    'From: <sip:carol@127.0.0.1>;tag=1',
    'To: <sip:gateway.test>',
    `Call-ID: ${randomToken()}`,
    'CSeq: 1 OPTIONS',
  ]);

describe('where an answer goes', () => {
  let world: SipWorld;
  before(async () => {
    world = await open();
  });

  it('over UDP: to the source port where the phone asks for that (rport), else to the port of its Via', async () => {
    const [asker, named] = [await world.peer(), await world.peer()];
    asker.sendTo('127.0.0.1', world.gateway.port, optionsBy('UDP', `127.0.0.1:${named.port};rport`));
    const symmetric = await asker.receives('200');
    assert.match(symmetric.header('Via'), new RegExp(`received=127\\.0\\.0\\.1;rport=${asker.port}`));
    asker.sendTo('127.0.0.1', world.gateway.port, optionsBy('UDP', `127.0.0.1:${named.port}`));
    await named.receives('200');
    assert.deepEqual([asker.count('200'), named.count('200')], [1, 1]);
  });

  it('over UDP: to the source address, whatever address a Via names', async () => {
    const asker = await world.peer();
    asker.sendTo('127.0.0.1', world.gateway.port, optionsBy('UDP', `127.0.0.99:${asker.port}`));
    assert.match((await asker.receives('200')).header('Via'), /received=127\.0\.0\.1/);
  });

  it('over TCP: by a new connection to the port of the Via when the one it came by is gone', async () => {
    const carol = await world.peer({ protocol: 'tcp', user: 'carol' });
    const dialog = carol.calls('alice@gateway.test');
    dialog.request('INVITE', world.gateway, { sdp: phoneSdp(), uri: 'sip:alice@gateway.test' });
    const alice = await world.takes(await world.invited());
    const before = world.endpoint.connections.tcp;
    carol.streams.drop();
    while (world.endpoint.connections.tcp === before) await new Promise((resolve) => setImmediate(resolve));
    await alice.leg.accept(browserAnswer());
    dialog.learn(await carol.receives('200'));
    assert.equal(carol.streams.accepted.length, 1);
    dialog.request('ACK', world.gateway);
    dialog.request('BYE', world.gateway);
    await alice.tells('ended');
  });
});

describe('a phone behind a NAT', () => {
  it('with a private Contact is hung up at the address that it is heard from', async () => {
    const world = await open({ networks: peerNetworks(['127.0.0.0/8']) });
    const phone = await world.peer({ user: 'carol' });
    const common = (method: string, tag: string) => [
      `${method} sip:alice@gateway.test SIP/2.0`,
      `Via: SIP/2.0/UDP 10.1.2.3:5060;branch=z9hG4bK${randomToken()};rport`,
      'From: <sip:carol@10.1.2.3>;tag=nat',
      `To: <sip:alice@gateway.test>${tag}`,
      'Call-ID: behind-nat',
      `CSeq: 1 ${method}`,
      'Contact: <sip:carol@10.1.2.3:5060>',
    ];
    phone.sendTo('127.0.0.1', world.gateway.port, sipMessage(common('INVITE', ''), phoneSdp({ address: '10.1.2.3' })));
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    const ok = await phone.receives('200');
    phone.sendTo('127.0.0.1', world.gateway.port, sipMessage(common('ACK', `;tag=${ok.tag('To')}`)));
    // Its media are looked for where its signalling comes from, too.
    assert.equal(world.rtp.remotes.at(-1)?.address, '127.0.0.1');
    await alice.leg.end(normalEnd('callee'));
    assert.equal((await phone.receives('BYE')).startLine, 'BYE sip:carol@10.1.2.3:5060 SIP/2.0');
  });

  it('learns its public address by STUN on the SIP port, over IPv4 and IPv6', async () => {
    const world = await open({ addresses: ['127.0.0.1', '::1'], networks: peerNetworks(['127.0.0.0/8', '::1/128']) });
    for (const [family, host] of [
      ['udp4', '127.0.0.1'],
      ['udp6', '::1'],
    ] as const) {
      const socket = createSocket(family);
      await new Promise<void>((resolve) => socket.bind(0, host, resolve));
      const id = Buffer.from('0123456789ab');
      socket.send(Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), id]), world.gateway.port, host);
      const [answer] = await once(socket, 'message');
      assert.ok(Buffer.isBuffer(answer));
      assert.equal(answer.readUInt16BE(0), 0x0101);
      assert.deepEqual(answer.subarray(8, 20), id);
      assert.equal(answer.readUInt16BE(20), 0x0020);
      assert.equal(answer.readUInt16BE(26) ^ 0x2112, socket.address().port);
      socket.close();
    }
  });

  it('gets no answer to a STUN request that wants more than its address', async () => {
    const world = await open();
    const phone = await world.peer();
    const username = Buffer.from([0, 6, 0, 4, 1, 2, 3, 4]);
    const head = Buffer.from([0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42]);
    phone.sendTo('127.0.0.1', world.gateway.port, Buffer.concat([head, Buffer.alloc(12, 7), username]));
    phone.sendTo('127.0.0.1', world.gateway.port, optionsBy('UDP', `127.0.0.1:${phone.port};rport`));
    assert.equal((await phone.receives('200')).method, 'OPTIONS');
    assert.equal(phone.received.length, 1);
  });
});
