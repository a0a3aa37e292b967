import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { causeOf, normalEnd } from '../../media-edge/src/call/end-cause.ts';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp } from '../fakes/sip-text.ts';
import { browserAnswer, SipWorld } from './sip-world.ts';

let world: SipWorld;
before(async () => {
  world = await SipWorld.open();
});
after(() => world.close());

describe('a network that loses packets', () => {
  test('INVITE is repeated until there is an answer, its 200 is acknowledged each time', async () => {
    const bob = await world.peer();
    let lost = 0;
    bob.loses = (message) => message.what === 'INVITE' && lost++ < 3;
    const alice = await world.call(bob.uri);
    const invite = await bob.receives('INVITE');
    assert.equal(lost, 4);
    const dialog = bob.takes(invite);
    dialog.reply(200, 'OK', { sdp: phoneSdp() });
    await bob.receives('ACK');
    dialog.reply(200, 'OK', { sdp: phoneSdp() });
    const again = await bob.receives('ACK');
    assert.equal(again.header('Via'), bob.received.find((message) => message.what === 'ACK')?.header('Via'));
    assert.equal(alice.events.filter((event) => event.kind === 'answered').length, 1);
  });

  test('a 1xx stops the repetition', async () => {
    const bob = await world.peer();
    const alice = await world.call(bob.uri);
    const dialog = bob.takes(await bob.receives('INVITE'));
    dialog.reply(100, 'Trying');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const copies = bob.count('INVITE');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(bob.count('INVITE'), copies);
    await alice.leg.end(causeOf(487, 'caller'));
    await bob.receives('CANCEL');
  });

  test('BYE is repeated until its answer', async () => {
    const bob = await world.peer();
    const alice = await world.call(bob.uri);
    const invite = await bob.receives('INVITE');
    bob.takes(invite).reply(200, 'OK', { sdp: phoneSdp() });
    await bob.receives('ACK');
    await alice.tells('answered');
    let lost = 0;
    bob.loses = (message) => message.what === 'BYE' && lost++ < 3;
    await alice.leg.end(normalEnd('caller'));
    const bye = await bob.receives('BYE');
    bob.takes(invite).reply(200, 'OK', { to: bye });
    assert.equal(lost, 4);
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.ok(lost <= 5, `${lost} copies`);
  });

  test('a refusal is repeated until its ACK, and after that no more', async () => {
    const bob = await world.peer();
    bob.absorbsCopies = false;
    const dialog = bob.calls('alice@gateway.test');
    dialog.request('INVITE', world.gateway, { uri: 'sip:alice@gateway.test', sdp: phoneSdp() });
    (await world.invited()).reject(causeOf(486, 'callee'));
    for (let copy = 0; copy < 4; copy++) await bob.receives('486');
    dialog.request('ACK', world.gateway, { uri: 'sip:alice@gateway.test', sameBranch: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const copies = bob.count('486');
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.equal(bob.count('486'), copies);
  });

  test('a repeated request gets its answer again and is done once', async () => {
    const bob = await world.peer();
    bob.absorbsCopies = false;
    const dialog = bob.calls('alice@gateway.test');
    const text = dialog.request('INVITE', world.gateway, { uri: 'sip:alice@gateway.test', sdp: phoneSdp() });
    const alice = await world.takes(await world.invited());
    await alice.leg.ring();
    await bob.receives('180');
    bob.sendTo('127.0.0.1', world.gateway.port, text);
    await bob.receives('180');
    await alice.leg.accept(browserAnswer());
    dialog.learn(await bob.receives('200'));
    dialog.request('ACK', world.gateway);
    const bye = dialog.request('BYE', world.gateway);
    await bob.receives('200');
    bob.sendTo('127.0.0.1', world.gateway.port, bye);
    assert.equal((await bob.receives('200')).method, 'BYE');
    assert.equal(world.invites.length, 0);
  });

  test('the same branch of two clients is two transactions', async () => {
    const [one, two] = [await world.peer(), await world.peer()];
    const options = (peer: FakeSipPeer) =>
      [
        'OPTIONS sip:gateway.test SIP/2.0',
        `Via: SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bKsame;rport`,
        'From: <sip:a@b>;tag=1',
        'To: <sip:gateway.test>',
        `Call-ID: ${peer.port}`,
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n');
    for (const peer of [one, two]) peer.sendTo('127.0.0.1', world.gateway.port, options(peer));
    for (const peer of [one, two]) assert.equal((await peer.receives('200')).header('Call-ID'), String(peer.port));
  });
});
