import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { causeOf, normalEnd } from '../../media-edge/src/call/end-cause.ts';
import type { FakeSipDialog } from '../fakes/fake-sip-dialog.ts';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp, type SipText } from '../fakes/sip-text.ts';
import { browserSource, pcma, SipWorld, type WatchedLeg } from './sip-world.ts';

let world: SipWorld;
before(async () => {
  world = await SipWorld.open();
});
after(() => world.close());

describe('a call that the gateway dials', () => {
  let bob: FakeSipPeer;
  let invite: SipText;
  let dialog: FakeSipDialog;
  let alice: WatchedLeg;
  beforeEach(async () => {
    // A port of its own for each call: nothing that is late from the last one disturbs it.
    bob = await world.peer();
    alice = await world.call(bob.uri, {
      headers: [{ name: 'X-Ticket', value: '4711' }],
      displayName: 'Alice "A" \\ B',
    });
    invite = await bob.receives('INVITE');
    dialog = bob.takes(invite);
  });

  async function answer(sdp = phoneSdp()): Promise<void> {
    dialog.reply(200, 'OK', { sdp, headers: ['X-Agent: 7'] });
    await bob.receives('ACK');
    await alice.tells('answered');
  }

  async function hangUp(): Promise<void> {
    await alice.leg.end(normalEnd('caller'));
    dialog.reply(200, 'OK', { to: await bob.receives('BYE') });
  }

  test('carries who calls, our address, and an offer of sound and picture without encryption', async () => {
    const here = `127.0.0.1:${world.gateway.port}`;
    assert.equal(invite.startLine, `INVITE sip:${bob.uri} SIP/2.0`);
    assert.match(invite.header('From'), /^"Alice \\"A\\" \\\\ B" <sip:alice@gateway\.test>;tag=[0-9a-f]{24}$/);
    assert.equal(invite.header('To'), '<sip:bob@127.0.0.1>');
    assert.equal(invite.header('Contact'), `<sip:alice@${here}>`);
    assert.match(invite.header('Via'), new RegExp(`^SIP/2\\.0/UDP ${here};branch=z9hG4bK[0-9a-f]{24};rport$`));
    assert.equal(invite.header('X-Ticket'), '4711');
    assert.equal(
      invite.header('Allow'),
      'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, REGISTER, MESSAGE',
    );
    assert.match(invite.body, /c=IN IP4 127\.0\.0\.1\r\n/);
    assert.match(invite.body, new RegExp(`m=audio ${world.rtp.port} RTP/AVP 111 0 8 `));
    assert.match(invite.body, /m=video \d+ RTP\/AVP 96\r\n/);
    assert.equal(invite.body.includes('a=crypto'), false);
    await alice.leg.end(normalEnd('caller'));
    dialog.reply(486, 'Busy Here');
    await bob.receives('ACK');
  });

  test('rings, is answered, talks, and is hung up by us', async () => {
    dialog.reply(100, 'Trying');
    dialog.reply(180, 'Ringing');
    await alice.tells('ringing');
    await answer();
    const answered = await alice.tells('answered');
    assert.deepEqual(
      answered.answer.lines.map(({ kind, codecs }) => [kind, codecs.map((codec) => codec.mimeType)]),
      [
        ['audio', ['audio/PCMU', 'audio/telephone-event']],
        ['video', []],
      ],
    );
    assert.equal(answered.headers?.['X-Agent'], '7');
    assert.deepEqual(
      answered.sources,
      world.rtp.produced.map(({ source }) => source),
    );
    assert.deepEqual(world.rtp.remotes, [{ address: '127.0.0.1', port: 15_900, rtcpPort: 15_901 }]);
    await alice.leg.connect([browserSource()]);
    assert.equal(world.rtp.consumed.at(-1)?.codec.payloadType, 0);
    await hangUp();
    assert.equal(world.rtp.isClosed, true);
    assert.deepEqual(alice.labels.slice(0, 5), ['> INVITE', '< 100 Trying', '< 180 Ringing', '< 200 OK', '> ACK']);
  });

  test('is hung up by the phone, which says why', async () => {
    await answer();
    dialog.request('BYE', world.gateway, {
      uri: invite.uri('Contact'),
      headers: ['Reason: Q.850;cause=16;text="lunch"'],
    });
    await bob.receives('200');
    const { cause } = await alice.tells('ended');
    assert.deepEqual(cause, { code: 200, phrase: 'OK', by: 'callee', detail: 'lunch' });
  });

  test('takes early media, and keeps its codec at the answer', async () => {
    dialog.reply(183, 'Session Progress', { sdp: phoneSdp({ codecs: '8 0 101' }) });
    const early = await alice.tells('early');
    assert.equal(early.answer.lines[0]?.codecs[0]?.mimeType, pcma.mimeType);
    await answer(phoneSdp({ codecs: '0 8 101', port: 15_910 }));
    const answered = await alice.tells('answered');
    assert.equal(answered.answer.lines[0]?.codecs[0]?.mimeType, pcma.mimeType);
    assert.equal(answered.sources[0]?.producerId, early.sources[0]?.producerId);
    assert.equal(world.rtp.remotes.at(-1)?.port, 15_910);
    await hangUp();
  });

  for (const [code, phrase] of [
    [486, 'Busy Here'],
    [603, 'Decline'],
    [480, 'Temporarily Unavailable'],
    [404, 'Not Found'],
    [401, 'Unauthorized'],
    [302, 'Moved Temporarily'],
  ] as const) {
    test(`ends with ${code} when the phone says so`, async () => {
      const challenge = code === 401 ? ['WWW-Authenticate: Digest realm="x", nonce="1"'] : [];
      dialog.reply(code, phrase, { headers: ['Warning: 399 pbx "out for lunch"', ...challenge] });
      const { cause } = await alice.tells('ended');
      assert.deepEqual(cause, { code, phrase, by: 'callee', detail: 'out for lunch' });
      const ack = await bob.receives('ACK');
      assert.equal(ack.header('Via'), invite.header('Via'));
      assert.equal(world.rtp.isClosed, true);
    });
  }

  test('is cancelled only after a 1xx', async () => {
    await alice.leg.end(causeOf(487, 'caller', 'changed her mind'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(
      bob.received.some((message) => message.what === 'CANCEL' && message.header('Call-ID') === dialog.callId),
      false,
    );
    dialog.reply(180, 'Ringing');
    const cancel = await bob.receives('CANCEL');
    assert.equal(cancel.header('Via'), invite.header('Via'));
    assert.match(cancel.header('Reason'), /changed her mind/);
    dialog.reply(200, 'OK', { to: cancel });
    dialog.reply(487, 'Request Terminated');
    await bob.receives('ACK');
  });

  test('that is answered while it is cancelled is hung up', async () => {
    dialog.reply(180, 'Ringing');
    await alice.tells('ringing');
    await alice.leg.end(causeOf(487, 'caller'));
    dialog.reply(200, 'OK', { sdp: phoneSdp() });
    await bob.receives('ACK');
    dialog.reply(200, 'OK', { to: await bob.receives('BYE') });
    dialog.reply(200, 'OK', { to: await bob.receives('CANCEL') });
    assert.equal(
      alice.events.some((event) => event.kind === 'answered'),
      false,
    );
  });

  test('that is answered twice keeps the first and hangs the other up', async () => {
    const other = bob.takes(invite);
    await answer();
    other.reply(200, 'OK', { sdp: phoneSdp({ port: 15_920 }) });
    await bob.receives('ACK');
    const bye = await bob.receives('BYE');
    other.reply(200, 'OK', { to: bye });
    assert.notEqual(bye.tag('To'), undefined);
    assert.equal(world.rtp.remotes.at(-1)?.port, 15_900);
    await hangUp();
  });

  test('forked with two early media plays the first and takes the winner', async () => {
    const other = bob.takes(invite);
    other.reply(183, 'Session Progress', { sdp: phoneSdp({ port: 15_930 }) });
    await alice.tells('early');
    dialog.reply(183, 'Session Progress', { sdp: phoneSdp({ port: 15_940 }) });
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(world.rtp.remotes.at(-1)?.port, 15_930);
    await answer(phoneSdp({ port: 15_940 }));
    assert.equal(world.rtp.remotes.at(-1)?.port, 15_940);
    assert.equal(alice.events.filter((event) => event.kind === 'early').length, 1);
    await hangUp();
  });

  test('rings also when the 180 has neither tag nor Contact', async () => {
    dialog.reply(180, 'Ringing', { isBare: true });
    await alice.tells('ringing');
    await answer();
    await hangUp();
  });

  test('goes where the Contact of the answer says, not where that of the 180 said', async () => {
    const other = await world.peer();
    dialog.reply(180, 'Ringing');
    await alice.tells('ringing');
    dialog.reply(200, 'OK', { sdp: phoneSdp(), contact: other.contact });
    const ack = await other.receives('ACK');
    assert.equal(ack.startLine, `ACK sip:${other.uri} SIP/2.0`);
    await alice.tells('answered');
    await alice.leg.end(normalEnd('caller'));
    dialog.reply(200, 'OK', { to: await other.receives('BYE') });
  });

  test('goes by the proxies that stay in the way', async () => {
    const proxy = await world.peer();
    const routes = [`Record-Route: <sip:127.0.0.1:1;lr>, <sip:127.0.0.1:${proxy.port};lr;x=1>`];
    dialog.reply(200, 'OK', { sdp: phoneSdp(), headers: routes });
    const ack = await proxy.receives('ACK');
    assert.deepEqual(ack.headers('Route'), [`<sip:127.0.0.1:${proxy.port};lr;x=1>`, '<sip:127.0.0.1:1;lr>']);
    assert.equal(ack.startLine, `ACK sip:${bob.uri} SIP/2.0`);
    await alice.tells('answered');
    await alice.leg.end(normalEnd('caller'));
    dialog.reply(200, 'OK', { to: await proxy.receives('BYE') });
  });

  test('acknowledges a reliable 183 once, which we never asked for', async () => {
    const reliable = { sdp: phoneSdp(), headers: ['Require: 100rel', 'RSeq: 4711'] };
    dialog.reply(183, 'Session Progress', reliable);
    const prack = await bob.receives('PRACK');
    assert.equal(prack.header('RAck'), '4711 1 INVITE');
    dialog.reply(200, 'OK', { to: prack });
    dialog.reply(183, 'Session Progress', reliable);
    await alice.tells('early');
    await answer();
    assert.equal(bob.distinct('PRACK'), 1);
    await hangUp();
  });

  test('answered with a 183 alone and an empty 200 uses the early answer', async () => {
    dialog.reply(183, 'Session Progress', { sdp: phoneSdp() });
    await alice.tells('early');
    dialog.reply(200, 'OK');
    await bob.receives('ACK');
    await alice.tells('answered');
    await hangUp();
  });

  for (const [name, code] of [
    ['and that agrees', 200],
    ['and that refuses', 488],
  ] as const) {
    test(`after early media, asks a phone that answers with another codec for the first one, ${name}`, async () => {
      dialog.reply(183, 'Session Progress', { sdp: phoneSdp({ codecs: '8 101' }) });
      await alice.tells('early');
      await answer(phoneSdp({ codecs: '0 101' }));
      const again = await bob.receives('INVITE');
      assert.match(again.body, /m=audio \d+ RTP\/AVP 8 101/);
      const sdp = phoneSdp({ codecs: '8 101', port: 15_912, version: 2 });
      dialog.reply(code, code === 200 ? 'OK' : 'Not Acceptable Here', { to: again, ...(code === 200 ? { sdp } : {}) });
      await bob.receives('ACK');
      if (code === 200) await hangUp();
      else assert.equal((await alice.tells('ended')).cause.code, 488);
      assert.equal(world.rtp.remotes.at(-1)?.port, code === 200 ? 15_912 : 15_900);
    });
  }

  for (const [name, sdp] of [
    ['without audio', phoneSdp().replace('m=audio 15900', 'm=audio 0')],
    ['with a codec that was not offered', phoneSdp({ codecs: '18 101' })],
    ['that is garbage', 'hello'],
    ['with media at a metadata address', phoneSdp({ address: '169.254.169.254' })],
    ['with media by multicast', phoneSdp({ address: '224.1.1.1' })],
  ] as const) {
    test(`an answer ${name} ends the call with 488`, async () => {
      dialog.reply(200, 'OK', { sdp });
      await bob.receives('ACK');
      const { cause } = await alice.tells('ended');
      assert.equal(cause.code, 488);
      assert.ok((cause.detail ?? '').length > 10);
      dialog.reply(200, 'OK', { to: await bob.receives('BYE') });
      assert.deepEqual(world.rtp.remotes, []);
    });
  }
});
