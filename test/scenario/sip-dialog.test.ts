import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { UpdateRefused } from '../../media-edge/src/call/call-leg.ts';
import { causeOf, normalEnd } from '../../media-edge/src/call/end-cause.ts';
import type { FakeSipDialog } from '../fakes/fake-sip-dialog.ts';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp, type SipText } from '../fakes/sip-text.ts';
import { browserOffer, browserSource, opus, pcmu, SipWorld, type WatchedLeg } from './sip-world.ts';

let world: SipWorld;
before(async () => {
  world = await SipWorld.open();
});
after(() => world.close());

describe('a call that is up', () => {
  let bob: FakeSipPeer;
  let dialog: FakeSipDialog;
  let alice: WatchedLeg;
  let target = '';
  beforeEach(async () => {
    bob = await world.peer();
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
    assert.deepEqual(
      alice.events.filter((event) => event.kind === 'dtmf'),
      [
        { kind: 'dtmf', digit: '5', durationMs: 250 },
        { kind: 'dtmf', digit: '#', durationMs: 160 },
      ],
    );
  });

  test('digits go out as telephone events, and come in from the media', async () => {
    await alice.leg.sendDtmf('7', 160);
    assert.deepEqual(world.rtp.sentDtmf, [{ digit: '7', durationMs: 160 }]);
    world.rtp.tellDtmf('*', 120);
    assert.deepEqual(await alice.tells('dtmf'), { kind: 'dtmf', digit: '*', durationMs: 120 });
  });

  test('an OPTIONS within the call is answered, a MESSAGE is as the other side says, and a REFER to nobody', async () => {
    asks('OPTIONS');
    assert.match((await bob.receives('200')).header('Allow'), /^INVITE, ACK/);
    asks('MESSAGE', { sdp: 'hi', headers: ['Content-Type: text/plain'] });
    (await alice.tells('written')).settle({ code: 405, reason: 'The other side takes no messages' });
    await bob.receives('405');
    asks('REFER');
    await bob.receives('400');
  });

  test('a picture that the browser adds is offered to the phone, whose refusal is told', async () => {
    const changed = alice.leg.update(browserOffer);
    const invite = await bob.receives('INVITE');
    assert.match(invite.body, /m=audio \d+ RTP\/AVP 0 101\r\n/);
    assert.match(invite.body, /m=video [1-9]\d+ RTP\/AVP 96\r\n/);
    dialog.reply(488, 'Not Acceptable Here', { to: invite });
    await assert.rejects(changed, (error: unknown) => error instanceof UpdateRefused && error.code === 488);
  });

  test('a picture that the phone takes is in the answer for the browser', async () => {
    const changed = alice.leg.update(browserOffer);
    const invite = await bob.receives('INVITE');
    const video = 'm=video 15994 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\nb=AS:300\r\n';
    dialog.reply(200, 'OK', {
      sdp: phoneSdp({ version: 2 }) + video.replace(/^(m=.*\r\n)(.*\r\n)(b=.*\r\n)/, '$1$3$2'),
      to: invite,
    });
    const { answer, sources } = await changed;
    assert.deepEqual(answer.lines[1]?.codecs[0]?.mimeType, 'video/VP8');
    assert.equal(answer.lines[1]?.maxBitrateBps, 300_000);
    assert.deepEqual(
      sources.map(({ kind }) => kind),
      ['audio', 'video'],
    );
  });

  test('a call without a picture goes on as it is', async () => {
    const audioOnly = {
      lines: [
        { kind: 'audio' as const, direction: 'sendrecv' as const, codecs: [opus, pcmu] },
        { kind: 'video' as const, direction: 'inactive' as const, codecs: [] },
      ],
    };
    const { answer } = await alice.leg.update(audioOnly);
    assert.deepEqual(
      answer.lines.map(({ codecs }) => codecs.map(({ mimeType }) => mimeType)),
      [['audio/PCMU', 'audio/telephone-event'], []],
    );
    assert.equal(bob.distinct('INVITE'), 1);
  });

  test('silence ends it with a BYE that says so, unless somebody holds', async () => {
    await reoffer(phoneSdp({ direction: 'sendonly', version: 2 }));
    world.rtp.tellSilence(61_000);
    assert.equal(
      alice.events.some((event) => event.kind === 'ended'),
      false,
    );
    await reoffer(phoneSdp({ version: 3 }));
    world.rtp.tellSilence(30_000);
    assert.equal(
      alice.events.some((event) => event.kind === 'ended'),
      false,
    );
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
    assert.equal(
      (await bob.receives('BYE')).header('Reason'),
      'SIP;cause=603;text="the browser is gone", Q.850;cause=21',
    );
    await alice.leg.end(normalEnd('caller'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(
      bob.received
        .filter((message) => message.what === 'BYE')
        .every((bye) => bye.header('Via') === bob.received.find((one) => one.what === 'BYE')?.header('Via')),
      true,
    );
  });

  test('a BYE with the wrong tag does not end it', async () => {
    const stranger = bob.takes(bob.received[0] ?? assert.fail('no INVITE'), 'guessed');
    stranger.request('BYE', world.gateway, { uri: target });
    await bob.receives('481');
    assert.equal(
      alice.events.some((event) => event.kind === 'ended'),
      false,
    );
  });
});
