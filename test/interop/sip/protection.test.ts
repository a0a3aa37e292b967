import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { firstBanMs, strikesPerWindow } from '@sylk/protocol/limits.ts';
import type { PhoneAccounts } from '../../../media-edge/src/ports/phone-accounts.ts';
import type { FakeSipPeer } from '../../fakes/fake-sip-peer.ts';
import { browserAnswer } from '../../scenario/sip-world.ts';
import { publicSdp, StrangersWorld, uri } from './strangers-world.ts';

let strangers: StrangersWorld;
beforeEach(async () => {
  strangers = await StrangersWorld.open();
});
afterEach(() => strangers.close());

/** Asks for somebody who is not there, as often as it takes to be banned. */
async function failsTooOften(peer: FakeSipPeer): Promise<void> {
  for (let time = 0; time < strikesPerWindow; time++) {
    strangers.ask(peer, 'OPTIONS', 'sip:elsewhere.test');
    await peer.receives('404');
  }
}

describe('a scanner', () => {
  it('that names its tool gets silence, and after a few tries none of its requests is read', async () => {
    const eve = await strangers.stranger(1);
    for (let time = 0; time < 12; time++)
      strangers.ask(eve, 'REGISTER', 'sip:gateway.test', { headers: ['User-Agent: friendly-scanner'] });
    strangers.ask(eve, 'OPTIONS', 'sip:gateway.test');
    await strangers.isQuiet();
    assert.equal(eve.received.length, 0);
    const { scanner, bans, banned } = strangers.counts;
    assert.deepEqual([scanner, bans, banned], [10, 1, 3]);
  });

  it('that looks for addresses is banned, heard again after its time, and banned for longer next time', async () => {
    const eve = await strangers.stranger(2);
    await failsTooOften(eve);
    strangers.ask(eve, 'OPTIONS', 'sip:gateway.test');
    await strangers.isQuiet();
    assert.equal(eve.count('200'), 0);
    strangers.ahead(firstBanMs + 1_000);
    strangers.ask(eve, 'OPTIONS', 'sip:gateway.test');
    await eve.receives('200');
    await failsTooOften(eve);
    strangers.ahead(firstBanMs + 1_000);
    strangers.ask(eve, 'OPTIONS', 'sip:gateway.test');
    await strangers.isQuiet();
    assert.equal(eve.count('200'), 1);
    assert.equal(strangers.counts.bans, 2);
  });

  it('that was banned by UDP, where sources may be forged, is still heard by TCP', async () => {
    await failsTooOften(await strangers.stranger(3));
    const byTcp = await strangers.stranger(3, 'tcp');
    strangers.ask(byTcp, 'OPTIONS', 'sip:gateway.test');
    await byTcp.receives('200');
  });

  it('that was banned by TCP is not heard by UDP either', async () => {
    await failsTooOften(await strangers.stranger(4, 'tcp'));
    const byUdp = await strangers.stranger(4);
    strangers.ask(byUdp, 'OPTIONS', 'sip:gateway.test');
    await strangers.isQuiet();
    assert.equal(byUdp.received.length, 0);
  });
});

describe('a caller', () => {
  async function calls(peer: FakeSipPeer) {
    const dialog = peer.calls('alice@gateway.test');
    dialog.request('INVITE', strangers.world.gateway, { uri, sdp: publicSdp });
    const leg = await strangers.world.takes(await strangers.world.invited());
    await leg.leg.accept(browserAnswer());
    const answer = await peer.receives('200');
    dialog.learn(answer);
    dialog.request('ACK', strangers.world.gateway);
    return { dialog, leg };
  }

  it('who fails again and again during the call is not banned, and hangs up as usual', async () => {
    const bob = await strangers.stranger(5);
    const { dialog, leg } = await calls(bob);
    await strangers.isQuiet();
    strangers.ahead(2_000);
    for (let time = 0; time < 2 * strikesPerWindow; time++) {
      strangers.ask(bob, 'OPTIONS', 'sip:elsewhere.test');
      await bob.receives('404');
    }
    dialog.request('BYE', strangers.world.gateway);
    await bob.receives('200');
    assert.equal((await leg.tells('ended')).cause.by, 'caller');
    assert.equal(strangers.counts.bans, 0);
  });

  it('who is in a call may ask while a flood of strangers is not answered', async () => {
    const bob = await strangers.stranger(6);
    const { dialog } = await calls(bob);
    await strangers.isQuiet();
    strangers.ahead(2_000);
    const flood = await Promise.all(Array.from({ length: 12 }, (_, host) => strangers.stranger(100 + host)));
    for (let time = 0; time < 50; time++) for (const eve of flood) strangers.ask(eve, 'OPTIONS', 'sip:gateway.test');
    await strangers.isQuiet();
    for (let time = 0; time < 100; time++) strangers.ask(bob, 'OPTIONS', 'sip:gateway.test');
    for (let time = 0; time < 100; time++) await bob.receives('200');
    dialog.request('BYE', strangers.world.gateway);
    await bob.receives('200');
    assert.ok(strangers.counts.rateLimited > 100);
  });
});

describe('a phone that has registered', () => {
  /** Every password is right. */
  const generous: PhoneAccounts = {
    register: async ({ order }) => ({
      status: 'done',
      contacts: order.do === 'set' ? order.contacts : [],
    }),
    caller: async () => ({ status: 'wrong' }),
  };

  async function registers(phone: FakeSipPeer): Promise<void> {
    strangers.world.endpoint.phones.serve({ accounts: generous, domain: 'gateway.test', secret: 'of the test' });
    strangers.ask(phone, 'REGISTER', 'sip:gateway.test', { to: '<sip:eve@gateway.test>' });
    const challenge = await phone.receives('401');
    const nonce = /nonce="([^"]+)"/.exec(challenge.text)?.[1] ?? '';
    const terms = `username="eve", realm="gateway.test", nonce="${nonce}", uri="sip:gateway.test", response="${'0'.repeat(32)}"`;
    const proof = `Authorization: Digest ${terms}, algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`;
    strangers.ask(phone, 'REGISTER', 'sip:gateway.test', { to: '<sip:eve@gateway.test>', headers: [proof] });
    await phone.receives('200');
  }

  it('is not banned, whatever it asks for in vain, and is answered as usual', async () => {
    const phone = await strangers.stranger(20);
    await registers(phone);
    await strangers.isQuiet();
    strangers.ahead(2_000);
    for (let time = 0; time < 2 * strikesPerWindow; time++) {
      strangers.ask(phone, 'OPTIONS', 'sip:elsewhere.test');
      await phone.receives('404');
    }
    strangers.ask(phone, 'OPTIONS', 'sip:gateway.test');
    await phone.receives('200');
    assert.equal(strangers.counts.bans, 0);
  });
});

it('calls of one source are not more than it may have, and another one is heard', async () => {
  await strangers.close();
  strangers = await StrangersWorld.open({ callsPerSource: 1 });
  const [bob, carol] = [await strangers.stranger(31), await strangers.stranger(32)];
  bob.calls('alice@gateway.test').request('INVITE', strangers.world.gateway, { uri, sdp: publicSdp });
  await strangers.world.invited();
  bob.calls('alice@gateway.test').request('INVITE', strangers.world.gateway, { uri, sdp: publicSdp });
  await bob.receives('503');
  carol.calls('alice@gateway.test').request('INVITE', strangers.world.gateway, { uri, sdp: publicSdp });
  await strangers.world.invited();
  assert.equal(strangers.counts.overloaded, 1);
});

it('connections that say nothing and are many are not more than a hundred of one address', async () => {
  const sockets = Array.from({ length: 130 }, () =>
    connect(strangers.world.gateway.port, strangers.world.gateway.address).on('error', () => undefined),
  );
  const friend = await strangers.world.peer({ address: '127.0.0.9', protocol: 'tcp', user: 'friend' });
  strangers.ask(friend, 'OPTIONS', 'sip:gateway.test');
  await friend.receives('200');
  assert.ok(strangers.counts.tcpDropped >= 30);
  for (const socket of sockets) socket.destroy();
});
