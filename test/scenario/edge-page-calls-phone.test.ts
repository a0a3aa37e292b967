import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Accepted } from '../../media-edge/src/call/call-leg.ts';
import { causeOf, normalEnd } from '../../media-edge/src/call/end-cause.ts';
import { fixture } from '../../media-edge/src/sdp/fixtures.ts';
import { EdgeWorld, reasonAt } from '../fakes/edge-world.ts';
import { settle } from '../fakes/fake-clock.ts';

const pcmu = { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} };
const phone: Accepted = {
  answer: {
    lines: [
      { kind: 'audio', direction: 'sendrecv', codecs: [pcmu] },
      { kind: 'video', direction: 'inactive', codecs: [] },
    ],
  },
  sources: [{ kind: 'audio', producerId: 'phone-audio', codec: pcmu }],
};

async function ringing(resume?: string, offer = 'chromium-av-offer') {
  const world = new EdgeWorld();
  world.signsIn('alice');
  await world.calls('alice', 'bob@phones.example', offer, resume);
  const dialled = world.sip.dialled[0];
  assert.ok(dialled);
  return { world, bob: dialled.leg, options: dialled.options };
}

async function talking(resume?: string, offer?: string) {
  const { world, bob } = await ringing(resume, offer);
  bob.says({ kind: 'answered', ...phone });
  await settle();
  return { world, bob };
}

const lastSdp = (world: EdgeWorld, event: string): string => {
  const message = world.signaling.posts
    .map((post) => post.message)
    .findLast((item) => 'event' in item && 'state' in item && item.state === event);
  return message && 'sdp' in message ? String(message.sdp) : '';
};

describe('a page calls a phone', () => {
  test("it is acknowledged, rings, is accepted with the phone's codec, and established", async () => {
    const { world, bob, options } = await ringing();
    assert.equal(options.to, 'bob@phones.example');
    bob.says({ kind: 'trying', code: 183 });
    bob.says({ kind: 'ringing' });
    bob.says({ kind: 'answered', ...phone, callId: options.callId });
    await settle();
    assert.deepEqual(world.saw('alice'), [
      'ack alice-1',
      'state progress',
      'state proceeding',
      'state ringing',
      'state accepted',
      'state established',
    ]);
    const sdp = lastSdp(world, 'accepted');
    assert.match(sdp, /m=audio \d+ UDP\/TLS\/RTP\/SAVPF 0 /);
    assert.match(sdp, /m=video 0 /);
    assert.match(sdp, /a=ssrc:\d+ cname/);
  });

  test('the phone gets what the page sends, and the page what the phone sends', async () => {
    const { world, bob } = await talking();
    const [transport] = world.sfu.routers[0]?.browserTransports ?? [];
    assert.deepEqual(
      transport?.consumed.map((item) => item.source.producerId),
      ['phone-audio'],
    );
    assert.deepEqual(bob.told, ['start', `connect ${transport?.produced[0]?.source.producerId}`]);
  });

  test('early media is heard before the answer, whose codec stays', async () => {
    const { world, bob } = await ringing();
    bob.says({ kind: 'early', ...phone });
    await settle();
    bob.says({ kind: 'answered', ...phone });
    await settle();
    assert.deepEqual(world.saw('alice').slice(2), ['state early-media', 'state established', 'state accepted']);
  });

  test('a refusal is told with its code, and the ladder says it in words', async () => {
    const { world, bob } = await ringing();
    bob.says({ kind: 'ended', cause: causeOf(486, 'callee') });
    await world.clock.advance(0);
    assert.equal(reasonAt(world, 'alice'), '486 Busy Here');
    const ladder = world.exchange.ladder(aliceAor(world), sessionOf(world));
    assert.equal(ladder?.cause, 'The called is busy.');
    assert.equal(world.exchange.size, 0);
    assert.deepEqual(
      world.signaling.over.map((key) => key.session),
      ['s-alice'],
    );
  });

  test('the page gives up: the phone is cancelled', async () => {
    const { world, bob } = await ringing();
    await world.hangsUp('alice');
    assert.equal(bob.told.at(-1), 'end 487 Request Terminated');
    assert.deepEqual(world.saw('alice').slice(-2), ['ack alice-2', 'state terminated']);
    assert.equal(world.sfu.routers[0]?.isClosed, true);
  });

  test('the phone hangs up', async () => {
    const { world, bob } = await talking();
    bob.says({ kind: 'ended', cause: normalEnd('callee') });
    await settle();
    assert.equal(reasonAt(world, 'alice'), '200 OK');
  });

  test('a domain that cannot be found is an error, as sylkRTC has it', async () => {
    const world = new EdgeWorld();
    world.signsIn('alice');
    world.sip.lost.set('nowhere.example', 'no such host: nowhere.example');
    await world.calls('alice', 'bob@nowhere.example');
    assert.deepEqual(world.saw('alice'), ['error alice-1: DNS lookup error: no such host: nowhere.example']);
    assert.deepEqual(world.signaling.over.length, 1);
  });

  test('SDP that cannot be used is an error, and nothing is dialled', async () => {
    const world = new EdgeWorld();
    world.signsIn('alice');
    await world.asks('alice', {
      sylkrtc: 'session-create',
      session: 's',
      account: 'alice@sylk.test',
      uri: 'bob@phones.example',
      sdp: 'v=0\r\n',
    });
    assert.match(world.saw('alice')[0] ?? '', /^error alice-1: sdp /);
    assert.equal(world.sip.dialled.length, 0);
  });

  test('a codec that the page does not have ends the call with 488', async () => {
    const { world, bob } = await ringing();
    const gsm = { mimeType: 'audio/GSM', clockRate: 8000, payloadType: 3, parameters: {} };
    bob.says({
      kind: 'answered',
      answer: { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [gsm] }] },
      sources: [],
    });
    await settle();
    assert.equal(reasonAt(world, 'alice'), '488 Not Acceptable Here');
    assert.equal(bob.told.at(-1), 'end 488 Not Acceptable Here');
  });

  test('a media worker that dies ends the call on both sides', async () => {
    const { world, bob } = await talking();
    world.sfu.killWorker();
    await settle();
    assert.equal(reasonAt(world, 'alice'), '503 Media server failed');
    assert.equal(bob.told.at(-1), 'end 503 Media server failed');
  });

  test('a browser whose media never come through ends the call after half a minute, in words', async () => {
    const world = new EdgeWorld({ isUpAfterConnect: false });
    world.signsIn('alice');
    await world.calls('alice', 'bob@phones.example');
    world.sip.dialled[0]?.leg.says({ kind: 'answered', ...phone });
    await world.clock.advance(29_999);
    assert.equal(world.saw('alice').at(-1), 'state accepted');
    await world.clock.advance(1);
    assert.equal(reasonAt(world, 'alice'), '408 ICE failed');
    assert.match(world.exchange.ladder(aliceAor(world), sessionOf(world))?.cause ?? '', /UDP.*TCP/);
  });
});

describe('in a call with a phone', () => {
  test('hold and resume of the page are answered at once and told to the phone', async () => {
    const { world, bob } = await talking(undefined, 'chromium-audio-offer');
    await world.asks('alice', { sylkrtc: 'session-update', session: 's-alice', sdp: fixture('chromium-hold-offer') });
    assert.deepEqual(world.saw('alice').slice(-2), ['ack alice-2', 'update accepted']);
    assert.equal(bob.told.at(-1), 'hold');
    assert.equal(world.sfu.routers[0]?.browserTransports[0]?.consumed[0]?.isPaused, true);
  });

  test('hold and resume of the phone are told to the page', async () => {
    const { world, bob } = await talking();
    bob.says({ kind: 'held', isHeld: true });
    bob.says({ kind: 'held', isHeld: false });
    await settle();
    assert.deepEqual(world.saw('alice').slice(-2), ['hold', 'hold']);
  });

  test('digits go both ways, several at once too', async () => {
    const { world, bob } = await talking();
    await world.asks('alice', { sylkrtc: 'session-dtmf-info', session: 's-alice', digit: '1d#', duration: 20 });
    assert.deepEqual(bob.told.slice(-3), ['dtmf 1 40', 'dtmf D 40', 'dtmf # 40']);
    bob.says({ kind: 'dtmf', digit: '7', durationMs: 90 });
    await settle();
    assert.equal(world.saw('alice').at(-1), 'dtmf');
  });

  test('an ICE restart is answered here with new credentials, and the phone hears nothing of it', async () => {
    const { world, bob } = await talking();
    const told = bob.told.length;
    const restart = fixture('chromium-av-offer')
      .replaceAll(/a=ice-ufrag:\S+/g, 'a=ice-ufrag:newu')
      .replaceAll(/a=ice-pwd:\S+/g, 'a=ice-pwd:new-password-of-22-chars');
    await world.asks('alice', { sylkrtc: 'session-update', session: 's-alice', sdp: restart });
    assert.equal(world.saw('alice').at(-1), 'update accepted');
    assert.equal(world.sfu.routers[0]?.browserTransports[0]?.iceRestarts, 1);
    assert.equal(bob.told.length, told);
  });

  test('the call outlives the socket, and a restart that comes with the resume is answered', async () => {
    const { world, bob } = await talking('x'.repeat(22));
    world.sessions.connectionLost(world.signaling.posts[0]?.connection ?? never());
    bob.says({ kind: 'held', isHeld: true });
    await world.clock.advance(50_000);
    const restart = fixture('chromium-av-offer').replaceAll(/a=ice-ufrag:\S+/g, 'a=ice-ufrag:newu');
    await world.resumes('alice', 'alice-2', { session: 's-alice', last_event: 3, sdp: restart });
    assert.deepEqual(world.saw('alice'), ['ack alice-2', 'hold', 'update accepted']);
    assert.equal(
      bob.told.some((text) => text.startsWith('end')),
      false,
    );
  });

  test('a reloaded page gets a new transport, and the phone its new stream', async () => {
    const { world, bob } = await talking('x'.repeat(22));
    world.sessions.connectionLost(world.signaling.posts[0]?.connection ?? never());
    const reloaded = fixture('chromium-av-offer').replaceAll(
      /a=fingerprint:sha-256 ..:../g,
      'a=fingerprint:sha-256 00:11',
    );
    await world.resumes('alice', 'alice-2', { session: 's-alice', last_event: 3, sdp: reloaded });
    const transports = world.sfu.routers[0]?.browserTransports ?? [];
    assert.equal(transports.length, 2);
    assert.equal(transports[0]?.isClosed, true);
    assert.deepEqual(world.saw('alice'), ['ack alice-2', 'media lost', 'update accepted', 'media up']);
    assert.equal(bob.told.at(-1), `connect ${transports[1]?.produced[0]?.source.producerId}`);
  });

  test('a client that never comes back ends the call after the grace', async () => {
    const { world, bob } = await talking('x'.repeat(22));
    world.sessions.connectionLost(world.signaling.posts[0]?.connection ?? never());
    world.sfu.routers[0]?.browserTransports[0]?.tellState('lost');
    await world.clock.advance(60_000);
    assert.equal(bob.told.at(-1), 'end 408 Connection lost');
  });
});

const aliceAor = (world: EdgeWorld) => world.signaling.over[0]?.aor ?? world.exchange.rows[0]?.key?.aor ?? never();
const sessionOf = (world: EdgeWorld) =>
  world.signaling.over[0]?.session ?? world.exchange.rows[0]?.key?.session ?? never();

function never(): never {
  throw new Error('the call is not there');
}

test('a call that fails by a fault of ours ends with 500, and nothing of it is left', async () => {
  const world = new EdgeWorld();
  world.signsIn('alice');
  world.sip.fault = new Error('unforeseen');
  await world.calls('alice', 'bob@phones.example');
  await settle();
  assert.deepEqual(world.saw('alice'), ['ack alice-1', 'state progress', 'state terminated']);
  assert.equal(reasonAt(world, 'alice'), '500 Server Internal Error');
  assert.equal(world.exchange.size, 0);
});
