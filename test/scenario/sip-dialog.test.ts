import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { causeOf, normalEnd } from '../../media-edge/src/call/end-cause.ts';
import { UpdateRefused } from '../../media-edge/src/call/call-leg.ts';
import { type FakeSipDialog, type FakeSipPeer, phoneSdp, type SipText } from '../fakes/fake-sip-peer.ts';
import { browserOffer, browserSource, opus, pcmu, SipWorld, type WatchedLeg } from './sip-world.ts';

let world: SipWorld;
before(async () => {
  world = await SipWorld.open({ port: 15_061 });
});
after(() => world.close());

describe('a call that is up', () => {
  let bob: FakeSipPeer;
  let dialog: FakeSipDialog;
  let alice: WatchedLeg;
  let target = '';
  let port = 15_200;
  beforeEach(async () => {
    bob = await world.peer({ port: port++ });
    alice = await world.call(bob.uri);
    const invite = await bob.receives('INVITE');
    target = invite.uri('Contact');
    dialog = bob.takes(invite);
    dialog.reply(200, 'OK', { sdp: phoneSdp() });
    await bob.receives('ACK');
    await alice.tells('answered');
    await alice.leg.connect([browserSource()]);
  });

  const asks = (method: string, options: { sdp?: string; headers?: readonly string[] } = {}) =>
    dialog.request(method, world.gateway, { uri: target, ...options });
  const heldEvents = () => alice.events.flatMap((event) => (event.kind === 'held' ? [event.isHeld] : []));

  async function reoffer(sdp: string): Promise<SipText> {
    asks('INVITE', { sdp });
    const ok = await bob.receives('200');
    asks('ACK');
    return ok;
  }

  test('is held and resumed by the phone: answered in mirror, told once, the browser is not asked', async () => {
    const held = await reoffer(phoneSdp({ direction: 'sendonly', version: 2 }));
    assert.match(held.body, /a=recvonly/);
    assert.equal(held.header('Contact'), '<sip:alice@127.0.0.1:15061>');
    assert.equal(world.rtp.directions.at(-1), 'recvonly');
    const again = await reoffer(phoneSdp({ direction: 'inactive', version: 3 }));
    assert.match(again.body, /a=inactive/);
    const resumed = await reoffer(phoneSdp({ version: 4 }));
    assert.match(resumed.body, /a=sendrecv/);
    assert.deepEqual(heldEvents(), [true, false]);
    assert.equal(alice.events.some((event) => event.kind === 'updateOffered'), false);
  });

  test('is held the old way, by the address 0.0.0.0', async () => {
    const held = await reoffer(phoneSdp({ address: '0.0.0.0', version: 2 }));
    assert.match(held.body, /a=(?:recvonly|inactive)/);
    assert.deepEqual(heldEvents(), [true]);
    assert.equal(world.rtp.remotes.at(-1)?.address, '127.0.0.1');
  });

  test('is refreshed by a re-INVITE without any change', async () => {
    const first = await reoffer(phoneSdp());
    const second = await reoffer(phoneSdp());
    assert.equal(first.body, second.body);
    assert.deepEqual(heldEvents(), []);
  });

  test('follows the phone to another port and another payload type', async () => {
    await reoffer(phoneSdp({ port: 15_990, version: 2 }));
    assert.deepEqual(world.rtp.remotes.at(-1), { address: '127.0.0.1', port: 15_990, rtcpPort: 15_991 });
    assert.equal(world.rtp.produced.every(({ source }) => source.producerId === world.rtp.produced[0]?.source.producerId), true);
  });

  test('a re-INVITE without an offer gets ours, and its ACK brings the answer', async () => {
    asks('INVITE');
    const ok = await bob.receives('200');
    assert.match(ok.body, /m=audio \d+ RTP\/AVP 0 /);
    asks('ACK', { sdp: phoneSdp({ port: 15_992, direction: 'sendonly', version: 2 }) });
    await alice.tells('held');
    assert.equal(world.rtp.remotes.at(-1)?.port, 15_992);
  });

  test('video that the phone adds is refused with port 0, the audio stays', async () => {
    const video = 'm=video 15994 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n';
    const ok = await reoffer(phoneSdp({ version: 2 }) + video);
    assert.match(ok.body, /m=audio \d+ RTP\/AVP 0 101/);
    assert.match(ok.body, /m=video 0 RTP\/AVP 99/);
  });

  for (const [name, sdp, code] of [
    ['another codec only', phoneSdp({ codecs: '8 101', version: 2 }), '488'],
    ['media at a link-local address', phoneSdp({ address: '169.254.9.9', version: 2 }), '488'],
    ['garbage', 'v=0\r\nnonsense', '400'],
  ] as const) {
    test(`a re-INVITE with ${name} is refused with ${code}, and the call goes on as it was`, async () => {
      const before = world.rtp.remotes.length;
      asks('INVITE', { sdp });
      const refused = await bob.receives(code);
      assert.match(refused.header('Warning'), /^399 gateway "/);
      dialog.request('ACK', world.gateway, { uri: target, sameBranch: true });
      assert.equal(world.rtp.remotes.length, before);
      await reoffer(phoneSdp({ version: 3 }));
      assert.equal(alice.events.some((event) => event.kind === 'ended'), false);
    });
  }

  test('is held and resumed by us', async () => {
    await alice.leg.hold(true);
    const hold = await bob.receives('INVITE');
    assert.match(hold.body, /a=sendonly/);
    assert.equal(hold.header('Contact'), '<sip:alice@127.0.0.1:15061>');
    dialog.reply(200, 'OK', { to: hold, sdp: phoneSdp({ direction: 'recvonly', version: 2 }) });
    await bob.receives('ACK');
    await alice.leg.hold(true);
    await alice.leg.hold(false);
    const resume = await bob.receives('INVITE');
    assert.match(resume.body, /a=sendrecv/);
    assert.ok(version(resume) > version(hold));
    dialog.reply(200, 'OK', { to: resume, sdp: phoneSdp({ version: 3 }) });
    await bob.receives('ACK');
    assert.deepEqual(heldEvents(), []);
  });

  test('held by both sides is resumed by each for itself', async () => {
    await reoffer(phoneSdp({ direction: 'sendonly', version: 2 }));
    await alice.leg.hold(true);
    const hold = await bob.receives('INVITE');
    assert.match(hold.body, /a=inactive/);
    dialog.reply(200, 'OK', { to: hold, sdp: phoneSdp({ direction: 'inactive', version: 3 }) });
    await bob.receives('ACK');
    const resumed = await reoffer(phoneSdp({ version: 4 }));
    assert.match(resumed.body, /a=sendonly/);
    assert.deepEqual(heldEvents(), [true, false]);
  });

  test('hold and resume while the re-INVITE is under way end in what was wanted last', async () => {
    await alice.leg.hold(true);
    const hold = await bob.receives('INVITE');
    await alice.leg.hold(false);
    dialog.reply(200, 'OK', { to: hold, sdp: phoneSdp({ direction: 'recvonly', version: 2 }) });
    await bob.receives('ACK');
    const resume = await bob.receives('INVITE');
    assert.match(resume.body, /a=sendrecv/);
    dialog.reply(200, 'OK', { to: resume, sdp: phoneSdp({ version: 3 }) });
    await bob.receives('ACK');
  });

  test('a collision: theirs gets 491 while ours is open, ours is tried again after theirs', async () => {
    await alice.leg.hold(true);
    const ours = await bob.receives('INVITE');
    asks('INVITE', { sdp: phoneSdp({ version: 2 }) });
    await bob.receives('491');
    dialog.request('ACK', world.gateway, { uri: target, sameBranch: true });
    dialog.reply(491, 'Request Pending', { to: ours });
    await bob.receives('ACK');
    const again = await bob.receives('INVITE', 6_000);
    assert.match(again.body, /a=sendonly/);
    dialog.reply(200, 'OK', { to: again, sdp: phoneSdp({ direction: 'recvonly', version: 2 }) });
    await bob.receives('ACK');
  });

  test('a phone that refuses hold stays in the call', async () => {
    await alice.leg.hold(true);
    dialog.reply(488, 'Not Acceptable Here', { to: await bob.receives('INVITE') });
    await bob.receives('ACK');
    await reoffer(phoneSdp({ version: 2 }));
    assert.equal(alice.events.some((event) => event.kind === 'ended'), false);
  });

  test('a phone that has forgotten the call ends it', async () => {
    await alice.leg.hold(true);
    dialog.reply(481, 'Call/Transaction Does Not Exist', { to: await bob.receives('INVITE') });
    const { cause } = await alice.tells('ended');
    assert.equal(cause.code, 481);
    assert.equal(world.rtp.isClosed, true);
  });

  test('an UPDATE is answered: as a refresh, with an offer, and out of order', async () => {
    asks('UPDATE');
    const plain = await bob.receives('200');
    assert.equal(plain.method, 'UPDATE');
    assert.equal(plain.body, '');
    asks('UPDATE', { sdp: phoneSdp({ direction: 'sendonly', version: 2 }) });
    const held = await bob.receives('200');
    assert.match(held.body, /a=recvonly/);
    assert.deepEqual(heldEvents(), [true]);
    const bye = asks('BYE');
    await bob.receives('200');
    assert.ok(bye.length > 0);
    asks('UPDATE');
    await bob.receives('481');
  });

  test('INFO brings digits; other INFO is refused or agreed to', async () => {
    const info = (type: string, body: string) => asks('INFO', { sdp: body, headers: [`Content-Type: ${type}`] });
    info('application/dtmf-relay', 'Signal=5\r\nDuration=250\r\n');
    await bob.receives('200');
    info('application/dtmf', '#');
    await bob.receives('200');
    info('application/xml', '<x/>');
    await bob.receives('415');
    asks('INFO');
    await bob.receives('200');
    assert.deepEqual(alice.events.filter((event) => event.kind === 'dtmf'), [
      { kind: 'dtmf', digit: '5', durationMs: 250 },
      { kind: 'dtmf', digit: '#', durationMs: 160 },
    ]);
  });

  test('digits go out as telephone events, and come in from the media', async () => {
    await alice.leg.sendDtmf('7', 160);
    assert.deepEqual(world.rtp.sentDtmf, [{ digit: '7', durationMs: 160 }]);
    world.rtp.tellDtmf('*', 120);
    assert.deepEqual(await alice.tells('dtmf'), { kind: 'dtmf', digit: '*', durationMs: 120 });
  });

  test('an OPTIONS within the call is answered, a MESSAGE or REFER is refused', async () => {
    asks('OPTIONS');
    assert.match((await bob.receives('200')).header('Allow'), /^INVITE, ACK/);
    asks('MESSAGE', { sdp: 'hi', headers: ['Content-Type: text/plain'] });
    await bob.receives('405');
    asks('REFER');
    await bob.receives('405');
  });

  test('an added video line is refused without asking the phone', async () => {
    await assert.rejects(alice.leg.update(browserOffer), (error: unknown) => error instanceof UpdateRefused && error.code === 488);
    const audioOnly = { lines: [{ kind: 'audio' as const, direction: 'sendrecv' as const, codecs: [opus, pcmu] }, { kind: 'video' as const, direction: 'inactive' as const, codecs: [] }] };
    const { answer } = await alice.leg.update(audioOnly);
    assert.deepEqual(answer.lines.map(({ codecs }) => codecs.map(({ mimeType }) => mimeType)), [['audio/PCMU', 'audio/telephone-event'], []]);
    assert.equal(bob.count('INVITE'), 1);
  });

  test('silence ends it with a BYE that says so, unless somebody holds', async () => {
    await reoffer(phoneSdp({ direction: 'sendonly', version: 2 }));
    world.rtp.tellSilence(61_000);
    assert.equal(alice.events.some((event) => event.kind === 'ended'), false);
    await reoffer(phoneSdp({ version: 3 }));
    world.rtp.tellSilence(30_000);
    assert.equal(alice.events.some((event) => event.kind === 'ended'), false);
    world.rtp.tellSilence(60_000);
    const { cause } = await alice.tells('ended');
    assert.deepEqual([cause.code, cause.by], [408, 'network']);
    assert.match((await bob.receives('BYE')).header('Reason'), /nothing was heard/);
  });

  test('the loss of its media ends it', async () => {
    world.rtp.tellClosed('media worker died');
    const { cause } = await alice.tells('ended');
    assert.deepEqual([cause.code, cause.by], [500, 'gateway']);
    assert.match((await bob.receives('BYE')).header('Reason'), /media worker died/);
  });

  test('the first packet tells that media is up', async () => {
    world.rtp.tellFirstPacket();
    await alice.tells('mediaUp');
  });

  test('a BYE says why the other side ended', async () => {
    await alice.leg.end(causeOf(603, 'callee', 'the browser is gone'));
    assert.equal((await bob.receives('BYE')).header('Reason'), 'SIP;cause=603;text="the browser is gone"');
    await alice.leg.end(normalEnd('caller'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(bob.received.filter((message) => message.what === 'BYE').every((bye) => bye.header('Via') === bob.received.find((one) => one.what === 'BYE')?.header('Via')), true);
  });

  test('a BYE with the wrong tag does not end it', async () => {
    const stranger = bob.takes(bob.received[0] ?? assert.fail('no INVITE'), 'guessed');
    stranger.request('BYE', world.gateway, { uri: target });
    await bob.receives('481');
    assert.equal(alice.events.some((event) => event.kind === 'ended'), false);
  });
});

const version = (message: SipText): number => Number(/o=\S+ \S+ (\d+) /.exec(message.body)?.[1]);
