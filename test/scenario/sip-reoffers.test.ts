import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { FakeSipDialog } from '../fakes/fake-sip-dialog.ts';
import type { FakeSipPeer } from '../fakes/fake-sip-peer.ts';
import { phoneSdp, type SipText } from '../fakes/sip-text.ts';
import { browserSource, SipWorld, type WatchedLeg } from './sip-world.ts';

let world: SipWorld;
before(async () => {
  world = await SipWorld.open();
});
after(() => world.close());

describe('offers within a call', () => {
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

  test('is held and resumed by the phone: answered in mirror, told once, the browser is not asked', async () => {
    const held = await reoffer(phoneSdp({ direction: 'sendonly', version: 2 }));
    assert.match(held.body, /a=recvonly/);
    assert.equal(held.header('Contact'), `<sip:alice@127.0.0.1:${world.gateway.port}>`);
    assert.equal(world.rtp.directions.at(-1), 'recvonly');
    const again = await reoffer(phoneSdp({ direction: 'inactive', version: 3 }));
    assert.match(again.body, /a=inactive/);
    const resumed = await reoffer(phoneSdp({ version: 4 }));
    assert.match(resumed.body, /a=sendrecv/);
    assert.deepEqual(heldEvents(), [true, false]);
    assert.equal(
      alice.events.some((event) => event.kind === 'updateOffered'),
      false,
    );
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
    assert.equal(
      world.rtp.produced.every(({ source }) => source.producerId === world.rtp.produced[0]?.source.producerId),
      true,
    );
  });

  test('a re-INVITE without an offer gets ours, and its ACK brings the answer', async () => {
    asks('INVITE');
    const ok = await bob.receives('200');
    assert.match(ok.body, /m=audio \d+ RTP\/AVP 0 /);
    asks('ACK', { sdp: phoneSdp({ port: 15_992, direction: 'sendonly', version: 2 }) });
    await alice.tells('held');
    assert.equal(world.rtp.remotes.at(-1)?.port, 15_992);
  });

  const picture = 'm=video 15994 RTP/AVP 99\r\na=rtpmap:99 VP8/90000\r\n';

  test('a picture that the phone adds and the browser does not want is refused with port 0, the sound stays', async () => {
    const answered = reoffer(phoneSdp({ version: 2 }) + picture);
    const { offer } = await alice.tells('updateOffered');
    assert.deepEqual(
      offer.lines.map(({ kind, codecs }) => [kind, codecs.length > 0]),
      [
        ['audio', true],
        ['video', true],
      ],
    );
    await alice.leg.answerUpdate(undefined);
    const { body } = await answered;
    assert.match(body, /m=audio \d+ RTP\/AVP 0 101/);
    assert.match(body, /m=video 0 RTP\/AVP 99/);
  });

  test('a picture that the phone adds and the browser takes has a port of its own, and may be taken away again', async () => {
    const answered = reoffer(phoneSdp({ version: 2 }) + picture);
    const { offer } = await alice.tells('updateOffered');
    await alice.leg.answerUpdate({ answer: { lines: offer.lines }, sources: [browserSource()] });
    assert.match((await answered).body, /m=video [1-9]\d+ RTP\/AVP 99/);
    const { sources } = await alice.tells('sourcesChanged');
    assert.deepEqual(
      sources.map(({ kind }) => kind),
      ['audio', 'video'],
    );
    const without = reoffer(phoneSdp({ version: 3 }) + picture.replace('15994', '0'));
    const asked = () => alice.events.filter((event) => event.kind === 'updateOffered').length;
    for (let tries = 0; tries < 300 && asked() < 2; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    await alice.leg.answerUpdate({ answer: { lines: [] }, sources: [browserSource()] });
    assert.match((await without).body, /m=video 0 RTP\/AVP 99/);
    assert.equal(world.router.plainTransports.at(-1)?.isClosed, true);
  });

  test('a picture in a codec that no browser has is refused without asking it', async () => {
    const { body } = await reoffer(`${phoneSdp({ version: 2 })}m=video 15994 RTP/AVP 34\r\na=rtpmap:34 H263/90000\r\n`);
    assert.match(body, /m=video 0 RTP\/AVP 34/);
    assert.equal(
      alice.events.some((event) => event.kind === 'updateOffered'),
      false,
    );
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
      assert.equal(
        alice.events.some((event) => event.kind === 'ended'),
        false,
      );
    });
  }

  test('is held and resumed by us', async () => {
    await alice.leg.hold(true);
    const hold = await bob.receives('INVITE');
    assert.match(hold.body, /a=sendonly/);
    assert.equal(hold.header('Contact'), `<sip:alice@127.0.0.1:${world.gateway.port}>`);
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
    assert.equal(
      alice.events.some((event) => event.kind === 'ended'),
      false,
    );
  });
});

const version = (message: SipText): number => Number(/o=\S+ \S+ (\d+) /.exec(message.body)?.[1]);
