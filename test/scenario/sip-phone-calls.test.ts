import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { causeOf, normalEnd } from '../../media-edge/src/call/end-cause.ts';
import type { FakeSipDialog } from '../fakes/fake-sip-dialog.ts';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp } from '../fakes/sip-text.ts';
import { browserAnswer, browserSource, opus, pcma, pcmu, SipWorld } from './sip-world.ts';

let world: SipWorld;
before(async () => {
  world = await SipWorld.open();
});
after(() => world.close());

const to = 'alice@gateway.test';
const uri = `sip:${to}`;

describe('a call from a phone', () => {
  let bob: FakeSipPeer;
  let dialog: FakeSipDialog;
  beforeEach(async () => {
    bob = await world.peer();
    dialog = bob.calls(to);
  });

  const invites = (sdp: string | undefined = phoneSdp(), headers: readonly string[] = []) =>
    dialog.request('INVITE', world.gateway, { uri, headers, ...(sdp === undefined ? {} : { sdp }) });
  const asks = (method: string, options: { sdp?: string; headers?: readonly string[]; sameBranch?: boolean } = {}) =>
    dialog.request(method, world.gateway, options);

  async function answered() {
    invites();
    const invite = await world.invited();
    const alice = await world.takes(invite);
    await alice.leg.accept(browserAnswer());
    const ok = await bob.receives('200');
    dialog.learn(ok);
    asks('ACK');
    return { alice };
  }

  test('tells who calls whom, with headers and a neutral offer', async () => {
    invites(phoneSdp({ direction: 'sendonly' }), ['X-Queue: sales', 'Subject: lunch']);
    await bob.receives('100');
    const invite = await world.invited();
    assert.equal(invite.to, 'alice@gateway.test');
    assert.deepEqual(invite.from, { uri: `bob@127.0.0.1`, displayName: '' });
    assert.equal(invite.callId, dialog.callId);
    assert.deepEqual(invite.headers, { 'X-Queue': 'sales', Subject: 'lunch' });
    const [line] = invite.offer.lines;
    assert.equal(line?.direction, 'sendrecv');
    assert.deepEqual(
      line?.codecs.map(({ mimeType }) => mimeType),
      ['audio/PCMU', 'audio/PCMA', 'audio/telephone-event'],
    );
    invite.reject(causeOf(486, 'callee'));
    await bob.receives('486');
    asks('ACK', { sameBranch: true });
  });

  test('rings, is answered, talks, and is hung up by the phone', async () => {
    invites();
    const alice = await world.takes(await world.invited());
    await alice.leg.ring();
    const ringing = await bob.receives('180');
    assert.equal(ringing.header('Contact'), `<sip:alice@127.0.0.1:${world.gateway.port}>`);
    await alice.leg.accept(browserAnswer(pcma));
    const ok = await bob.receives('200');
    assert.equal(ok.tag('To'), ringing.tag('To'));
    assert.match(ok.tag('To') ?? '', /^[0-9a-f]{24}$/);
    assert.match(ok.body, /m=audio \d+ RTP\/AVP 8 101/);
    assert.deepEqual((await alice.tells('sourcesChanged')).sources[0]?.codec.mimeType, 'audio/PCMA');
    await alice.leg.connect([browserSource(pcma)]);
    assert.equal(world.rtp.consumed.at(-1)?.codec.payloadType, 8);
    dialog.learn(ok);
    asks('ACK');
    asks('BYE');
    await bob.receives('200');
    assert.deepEqual((await alice.tells('ended')).cause, { code: 200, phrase: 'OK', by: 'caller' });
    assert.equal(world.rtp.isClosed, true);
    assert.deepEqual(alice.labels, [
      '< INVITE',
      '> 100 Trying',
      '> 180 Ringing',
      '> 200 OK',
      '< ACK',
      '< BYE',
      '> 200 OK (BYE)',
    ]);
  });

  test('comes by a proxy, which all later requests go by as well', async () => {
    const proxy = await world.peer();
    const route = `<sip:127.0.0.1:${proxy.port};lr>`;
    invites(phoneSdp(), [`Record-Route: ${route}`]);
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    const ok = await bob.receives('200');
    assert.equal(ok.header('Record-Route'), route);
    dialog.learn(ok);
    asks('ACK');
    await alice.leg.end(normalEnd('callee'));
    const bye = await proxy.receives('BYE');
    assert.equal(bye.header('Route'), route);
    dialog.reply(200, 'OK', { to: bye });
  });

  test('hears early media with 183, and the same answer at 200', async () => {
    invites();
    const alice = await world.takes(await world.invited());
    await alice.leg.ring(browserAnswer());
    const progress = await bob.receives('183');
    await alice.tells('sourcesChanged');
    await alice.leg.accept(browserAnswer());
    const ok = await bob.receives('200');
    assert.equal(ok.body, progress.body);
    dialog.learn(ok);
    asks('ACK');
    await alice.leg.end(normalEnd('callee'));
    dialog.reply(200, 'OK', { to: await bob.receives('BYE') });
  });

  test('without an offer is offered ours in the 200, and its ACK answers', async () => {
    dialog.request('INVITE', world.gateway, { uri });
    const invite = await world.invited();
    assert.deepEqual(
      invite.offer.lines[0]?.codecs.map(({ mimeType }) => mimeType),
      ['audio/PCMU', 'audio/PCMA', 'audio/G722', 'audio/opus', 'audio/telephone-event'],
    );
    const alice = await world.takes(invite);
    await alice.leg.ring(browserAnswer());
    await bob.receives('180');
    await alice.leg.accept(browserAnswer(pcmu));
    const ok = await bob.receives('200');
    assert.match(ok.body, /m=audio \d+ RTP\/AVP 0 \d+\r\n/);
    dialog.learn(ok);
    asks('ACK', { sdp: phoneSdp({ port: 15_996 }) });
    await alice.tells('sourcesChanged');
    assert.equal(world.rtp.remotes.at(-1)?.port, 15_996);
    asks('BYE');
    await alice.tells('ended');
  });

  test('without an offer and without an answer in the ACK is hung up', async () => {
    dialog.request('INVITE', world.gateway, { uri });
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    dialog.learn(await bob.receives('200'));
    asks('ACK');
    dialog.reply(200, 'OK', { to: await bob.receives('BYE') });
    assert.equal((await alice.tells('ended')).cause.code, 488);
  });

  for (const [code, phrase] of [
    [486, 'Busy Here'],
    [480, 'Temporarily Unavailable'],
    [404, 'Not Found'],
    [410, 'Gone'],
    [603, 'Decline'],
  ] as const) {
    test(`is refused with ${code} and the reason`, async () => {
      invites();
      (await world.invited()).reject(causeOf(code, 'callee', 'in plain words'));
      const refused = await bob.receives(String(code));
      assert.equal(refused.startLine, `SIP/2.0 ${code} ${phrase}`);
      assert.ok(refused.header('Reason').startsWith(`SIP;cause=${code};text="in plain words", Q.850;cause=`));
      asks('ACK', { sameBranch: true });
    });
  }

  test('a caller who is to try again is told when', async () => {
    invites();
    (await world.invited()).reject({ ...causeOf(503, 'gateway'), retryAfterS: 60 });
    assert.equal((await bob.receives('503')).header('Retry-After'), '60');
  });

  test('is not told of a challenge that another leg met, nor of a success', async () => {
    invites();
    (await world.invited()).reject(causeOf(401, 'callee'));
    await bob.receives('403');
    asks('ACK', { sameBranch: true });
    const other = bob.calls(to);
    other.request('INVITE', world.gateway, { uri, sdp: phoneSdp() });
    (await world.invited()).reject(normalEnd('callee'));
    await bob.receives('480');
    other.request('ACK', world.gateway, { uri, sameBranch: true });
  });

  for (const stage of ['before it is taken', 'while it rings'] as const) {
    test(`is cancelled by the phone ${stage}`, async () => {
      invites();
      const invite = await world.invited();
      const told: number[] = [];
      invite.onCancelled(({ code }) => told.push(code));
      const alice = stage === 'while it rings' ? await world.takes(invite) : undefined;
      await alice?.leg.ring();
      dialog.request('CANCEL', world.gateway, {
        uri,
        headers: ['Reason: SIP;cause=200;text="Call completed elsewhere"'],
      });
      const ok = await bob.receives('200');
      const terminated = await bob.receives('487');
      assert.equal(ok.method, 'CANCEL');
      assert.equal(ok.tag('To'), terminated.tag('To'));
      asks('ACK', { sameBranch: true });
      assert.deepEqual(told, [487]);
      const late = alice ?? (await world.takes(invite));
      const { cause } = await late.tells('ended');
      assert.deepEqual([cause.code, cause.by, cause.detail], [487, 'caller', 'Call completed elsewhere']);
      await late.leg.accept(browserAnswer());
      invite.reject(causeOf(486, 'callee'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(
        bob.count('486') + bob.received.filter((one) => one.what === '200' && one.method === 'INVITE').length,
        0,
      );
    });
  }

  test('a CANCEL after the answer gets its 200 and changes nothing, one for nothing gets 481', async () => {
    const { alice } = await answered();
    dialog.request('CANCEL', world.gateway, { uri });
    assert.equal((await bob.receives('200')).method, 'CANCEL');
    bob.calls(to).request('CANCEL', world.gateway, { uri });
    await bob.receives('481');
    assert.equal(
      alice.events.some((event) => event.kind === 'ended'),
      false,
    );
  });

  test('an early dialog that the phone ends with BYE is over', async () => {
    invites();
    const alice = await world.takes(await world.invited());
    await alice.leg.ring();
    dialog.learn(await bob.receives('180'));
    asks('BYE');
    await bob.receives('200');
    await bob.receives('487');
    assert.equal((await alice.tells('ended')).cause.code, 487);
  });

  test('an answer without ACK is repeated and then hung up', async () => {
    invites();
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    dialog.learn(await bob.receives('200'));
    const bye = await bob.receives('BYE', 6_000);
    assert.ok(bob.count('200') >= 5, `${bob.count('200')} copies`);
    dialog.reply(200, 'OK', { to: bye });
    assert.deepEqual([(await alice.tells('ended')).cause.code], [408]);
  });

  test('hanging up before the ACK waits for it', async () => {
    invites();
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    const ok = await bob.receives('200');
    dialog.learn(ok);
    await alice.leg.end(normalEnd('callee'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(bob.count('BYE'), 0);
    asks('ACK');
    dialog.reply(200, 'OK', { to: await bob.receives('BYE') });
  });

  test('held before it was answered holds after the ACK', async () => {
    invites();
    const alice = await world.takes(await world.invited());
    await alice.leg.hold(true);
    await alice.leg.accept(browserAnswer());
    dialog.learn(await bob.receives('200'));
    asks('ACK');
    const hold = await bob.receives('INVITE');
    assert.match(hold.body, /a=(?:sendonly|inactive)/);
    dialog.reply(200, 'OK', { to: hold, sdp: phoneSdp({ direction: 'recvonly' }) });
    await bob.receives('ACK');
  });

  test('a phone that starts on hold is told as held after the answer', async () => {
    invites(phoneSdp({ direction: 'sendonly' }));
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer());
    assert.match((await bob.receives('200')).body, /a=recvonly/);
    assert.deepEqual(
      alice.events.map(({ kind }) => kind),
      ['sourcesChanged', 'held'],
    );
  });

  test('an answer of the browser that the phone did not offer refuses the call', async () => {
    invites();
    const alice = await world.takes(await world.invited());
    await alice.leg.accept(browserAnswer(opus));
    await bob.receives('488');
    assert.equal((await alice.tells('ended')).cause.code, 488);
  });
});
