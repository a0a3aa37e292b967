import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { maxStrangerRepeats, strikesPerWindow } from '@sylk/protocol/limits.ts';
import { phoneSdp, randomToken } from '../../fakes/sip-text.ts';
import { browserAnswer } from '../../scenario/sip-world.ts';
import { type AskParts, publicSdp, StrangersWorld, uri } from './strangers-world.ts';

let strangers: StrangersWorld;
beforeEach(async () => {
  strangers = await StrangersWorld.open();
});
afterEach(() => strangers.close());

describe('an answer to a stranger', () => {
  const refusals: readonly (readonly [string, string, string, AskParts])[] = [
    ['who asks for another domain', 'OPTIONS', 'sip:elsewhere.test', {}],
    ['with an unknown scheme', 'OPTIONS', 'tel:+15550100', {}],
    ['with an unknown method', 'FLY', uri, {}],
    ['with a method that is not offered', 'PUBLISH', uri, {}],
    ['without a dialog', 'BYE', uri, { to: `<${uri}>;tag=none` }],
    ['with an extension that we do not have', 'OPTIONS', 'sip:gateway.test', { headers: ['Require: x'] }],
    ['with no hops left', 'INVITE', uri, { headers: ['Max-Forwards: 0'] }],
    ['with a body that is none of ours', 'INVITE', uri, { headers: ['Content-Type: text/plain'], sdp: 'hello' }],
    ['who asks what we can do', 'OPTIONS', 'sip:gateway.test', {}],
  ];
  for (const [index, [name, method, target, parts]] of refusals.entries()) {
    it(`${name} has no more bytes than the request`, async () => {
      const eve = await strangers.stranger(20 + index);
      const request = strangers.ask(eve, method, target, parts);
      await strangers.isQuiet();
      const [answer] = eve.received;
      assert.ok(answer !== undefined && Number(answer.what) >= 200);
      assert.ok(answer.text.length <= request.length, `${answer.text.length} for ${request.length}`);
    });
  }

  it('who never acknowledges is repeated a few times only', async () => {
    const eve = await strangers.stranger(40);
    strangers.ask(eve, 'INVITE', uri, { sdp: publicSdp });
    (await strangers.world.invited()).reject({ code: 404, phrase: 'Not Found', by: 'gateway' });
    await eve.receives('404');
    // All repetitions of the RFC would be over after 64 * T1.
    await new Promise((resolve) => setTimeout(resolve, 64 * 50));
    assert.equal(eve.count('404'), 1 + maxStrangerRepeats);
  });

  it('who never acknowledges that it was answered is repeated a few times only, and the call ends', async () => {
    const eve = await strangers.stranger(41);
    strangers.ask(eve, 'INVITE', uri, { sdp: publicSdp });
    const leg = await strangers.world.takes(await strangers.world.invited());
    await leg.leg.accept(browserAnswer());
    await leg.tells('ended', 10_000);
    assert.ok(eve.count('200') >= 2 && eve.count('200') <= 1 + maxStrangerRepeats, String(eve.count('200')));
  });

  it('does not go where its Via or its Route point', async () => {
    const [eve, victim] = [await strangers.stranger(42), await strangers.stranger(43)];
    const route = `Route: <sip:${victim.address}:${victim.port};lr>`;
    const branch = `z9hG4bK${randomToken()};maddr=${victim.address}`;
    strangers.ask(eve, 'OPTIONS', 'sip:gateway.test', { headers: [route], branch });
    await eve.receives('200');
    strangers.ask(eve, 'INVITE', uri, { headers: [route], branch, sdp: publicSdp });
    (await strangers.world.invited()).reject({ code: 486, phrase: 'Busy Here', by: 'callee' });
    await eve.receives('486');
    assert.equal(victim.received.length, 0);
  });

  it('by TCP goes back by its connection only, and to nobody once that is closed', async () => {
    const [eve, victim] = [await strangers.stranger(44, 'tcp'), await strangers.stranger(45, 'tcp')];
    strangers.ask(eve, 'OPTIONS', 'sip:gateway.test', { branch: `z9hG4bK1;received=${victim.address}` });
    await eve.receives('200');
    assert.equal(victim.received.length, 0);
  });
});

describe('nothing is relayed', () => {
  it('a call to a domain that is not ours gets 404, and nobody there hears of it', async () => {
    const [eve, victim] = [await strangers.stranger(50), await strangers.stranger(51)];
    strangers.ask(eve, 'INVITE', `sip:${victim.uri}`, { sdp: publicSdp });
    await eve.receives('404');
    await strangers.isQuiet();
    assert.equal(victim.received.length, 0);
    assert.equal(strangers.world.invites.length, 0);
  });

  it('media are not sent to what is no peer: ourselves, a group, the metadata of a cloud', async () => {
    const eve = await strangers.stranger(52);
    for (const address of ['127.0.0.1', '224.0.0.1', '169.254.169.254', '::1']) {
      const version = address.includes(':') ? 'IP6' : 'IP4';
      const sdp = phoneSdp({ address }).replaceAll('IN IP4', `IN ${version}`);
      strangers.ask(eve, 'INVITE', uri, { sdp });
      await eve.receives('488');
    }
    assert.equal(strangers.world.invites.length, 0);
  });
});

describe('requests that come in other ways than they went', () => {
  it('the same INVITE by two branches is one call: the second gets 482', async () => {
    const bob = await strangers.stranger(60);
    const first = strangers.ask(bob, 'INVITE', uri, { sdp: publicSdp });
    const invite = await strangers.world.invited();
    strangers.sends(bob, first.replace(/branch=[^;]+/, 'branch=z9hG4bKother'));
    await bob.receives('482');
    invite.reject({ code: 486, phrase: 'Busy Here', by: 'callee' });
    await bob.receives('486');
    assert.equal(strangers.world.invites.length, 0);
  });

  it('a CANCEL for an INVITE that never was gets 481', async () => {
    const eve = await strangers.stranger(61);
    strangers.ask(eve, 'CANCEL', uri);
    await eve.receives('481');
  });

  it('requests within dialogs that never were are limited like all others', async () => {
    const eve = await strangers.stranger(62);
    for (let time = 0; time < 150; time++) strangers.ask(eve, 'BYE', uri, { to: `<${uri}>;tag=${time}` });
    await strangers.isQuiet();
    // Each of them is a failure, too.
    assert.equal(eve.count('481'), strikesPerWindow);
    assert.ok(strangers.counts.banned > 0);
  });

  it('responses to nothing are dropped, and their flood keeps nobody from calling', async () => {
    const eve = await strangers.stranger(63);
    const text = strangers.ask(eve, 'OPTIONS', 'sip:gateway.test').replace(/^OPTIONS .*/, 'SIP/2.0 200 OK');
    await eve.receives('200');
    for (let time = 0; time < 500; time++) strangers.sends(eve, text);
    await strangers.isQuiet();
    strangers.ask(eve, 'INVITE', uri, { sdp: publicSdp });
    (await strangers.world.invited()).reject({ code: 486, phrase: 'Busy Here', by: 'callee' });
    await eve.receives('486');
    assert.equal(strangers.counts.failed, 0);
  });

  it('a datagram with a body of 50 kilobytes gets 513', async () => {
    const eve = await strangers.stranger(64);
    strangers.ask(eve, 'INVITE', uri, { headers: ['Content-Type: text/plain'], sdp: 'x'.repeat(50_000) });
    await eve.receives('513');
  });

  it('an INVITE that accepts no description gets 406, one without hops 483, one in another version 505', async () => {
    const eve = await strangers.stranger(65);
    strangers.ask(eve, 'INVITE', uri, { headers: ['Accept: text/plain'], sdp: publicSdp });
    await eve.receives('406');
    const text = strangers.ask(eve, 'OPTIONS', 'sip:gateway.test');
    await eve.receives('200');
    strangers.sends(eve, text.replaceAll('SIP/2.0', 'SIP/3.0'));
    await eve.receives('505');
  });
});
