import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectionId, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { ServerMessage } from '@sylk/protocol/sylkrtc/events.ts';
import { fixture } from '../../media-edge/src/sdp/fixtures.ts';
import { answerTo, EdgeWorld, reasonAt } from '../fakes/edge-world.ts';
import { settle } from '../fakes/fake-clock.ts';

async function ringing(offer = 'chromium-av-offer') {
  const world = new EdgeWorld();
  world.signsIn('alice');
  world.signsIn('bob');
  await world.calls('alice', 'bob@sylk.test', offer);
  return world;
}

async function talking(offer = 'chromium-av-offer', answer = 'chromium-av-answer') {
  const world = await ringing(offer);
  await world.answers('bob', answer);
  await settle();
  return world;
}

const bobsSession = (world: EdgeWorld): string => world.ringing('bob').session;
const transports = (world: EdgeWorld) => world.sfu.routers[0]?.browserTransports ?? [];

/** The last SDP that somebody was sent in an event. */
function sdpAt(world: EdgeWorld, name: string): string {
  const hasSdp = (message: ServerMessage) => 'sdp' in message && typeof message.sdp === 'string';
  const found = world.signaling.posts
    .filter((post) => post.connection === name)
    .findLast((post) => hasSdp(post.message));
  return found && 'sdp' in found.message ? String(found.message.sdp) : '';
}

describe('a page calls a page', () => {
  test('the called device confirms that it rings, answers, and both are established', async () => {
    const world = await ringing();
    assert.deepEqual(world.saw('alice'), ['ack alice-1', 'state progress']);
    assert.deepEqual(world.saw('bob'), ['incoming-session']);
    assert.equal(world.ringing('bob').verified, true);
    await world.asks('bob', { sylkrtc: 'session-ringing', session: bobsSession(world) });
    assert.equal(world.saw('alice').at(-1), 'state ringing');
    await world.answers('bob');
    assert.deepEqual(world.saw('alice').slice(3), ['state accepted', 'state established']);
    assert.deepEqual(world.saw('bob').slice(1), ['ack bob-2', 'ack bob-3', 'state accepted', 'state established']);
    assert.deepEqual(
      world.signaling.binds.map(({ key }) => key.device),
      ['d-bob'],
    );
  });

  test('a stock client cannot confirm, so it rings once it was told', async () => {
    const world = new EdgeWorld();
    world.signsIn('alice');
    const stock = world.signsIn('carol');
    world.signaling.answers.set(stock.aor, {
      status: 'ringing',
      devices: [{ ...stock, device: deviceId(stock.connection) }],
    });
    await world.calls('alice', 'carol@sylk.test');
    assert.equal(world.saw('alice').at(-1), 'state ringing');
  });

  test('each hears and sees the other', async () => {
    const world = await talking();
    const [atAlice, atBob] = transports(world);
    const sent = (index: number) => (index === 0 ? atAlice : atBob)?.produced.map((item) => item.source.producerId);
    assert.deepEqual(atAlice?.consumed.map((item) => item.source.producerId).sort(), sent(1)?.sort());
    assert.deepEqual(atBob?.consumed.map((item) => item.source.producerId).sort(), sent(0)?.sort());
  });

  test('a device that declines by its person gives 603, a busy one 486 and a missed call', async () => {
    const declined = await ringing();
    await declined.hangsUp('bob', bobsSession(declined), 603);
    assert.deepEqual([reasonAt(declined, 'alice'), reasonAt(declined, 'bob')], ['603 Decline', '603 Decline']);
    assert.equal(declined.signaling.missedCalls.length, 0);
    const busy = await ringing();
    await busy.hangsUp('bob', bobsSession(busy), 486);
    assert.equal(reasonAt(busy, 'alice'), '486 Busy Here');
    assert.equal(busy.signaling.missedCalls.length, 1);
  });

  test('the caller gives up: the called stops ringing, then the call is missed', async () => {
    const world = await ringing();
    await world.hangsUp('alice');
    assert.equal(reasonAt(world, 'bob'), '487 Request Terminated');
    assert.deepEqual(
      world.signaling.missedCalls.map(({ aor, originator }) => [aor, originator.uri]),
      [['bob@sylk.test', 'alice@sylk.test']],
    );
  });

  test('nobody answers in two minutes: 408, and a missed call', async () => {
    const world = await ringing();
    await world.clock.advance(120_000);
    assert.equal(reasonAt(world, 'alice'), '408 Request Timeout');
    assert.equal(world.signaling.missedCalls.length, 1);
  });

  test('a called page that lost its socket goes on ringing when it is back', async () => {
    const world = await ringing();
    const session = bobsSession(world);
    const bob = world.signsIn('bob');
    world.sessions.connectionLost(bob.connection);
    const back = { ...bob, connection: connectionId('bob-2'), epoch: 2 };
    world.exchange.deviceReady(sessionId(session), back);
    await settle();
    assert.deepEqual(world.signaling.shortOf(back.connection), ['incoming-session']);
    world.exchange.deviceReady(sessionId(session), world.signsIn('bobs-phone', { account: 'bob' }));
    await settle();
    assert.deepEqual(world.saw('bobs-phone'), ['incoming-session']);
  });

  test('a caller does not ring on the device that calls', async () => {
    const world = new EdgeWorld();
    world.signsIn('alice');
    world.signsIn('tablet', { account: 'alice' });
    await world.calls('alice', 'alice@sylk.test');
    assert.equal(world.saw('alice').includes('incoming-session'), false);
    assert.deepEqual(world.saw('tablet'), ['incoming-session']);
  });

  test('nobody there: unknown is 404, expired 410, away 480 and missed', async () => {
    const cases = [
      ['unknown', '404 Not Found', 0],
      ['expired', '410 Gone', 0],
      ['away', '480 Temporarily Unavailable', 1],
      ['blocked', '404 Not Found', 0],
    ] as const;
    for (const [status, reason, missed] of cases) {
      const world = new EdgeWorld();
      world.signsIn('alice');
      world.signaling.answers.set(world.signsIn('bob').aor, { status });
      await world.calls('alice', 'bob@sylk.test');
      assert.equal(reasonAt(world, 'alice'), reason);
      assert.equal(world.signaling.missedCalls.length, missed, status);
    }
  });
});

describe('in a call between pages', () => {
  test('hold is answered to the one who holds, and told to the other; nothing is asked of them', async () => {
    const world = await talking('chromium-audio-offer', 'chromium-audio-answer');
    await world.asks('alice', { sylkrtc: 'session-update', session: 's-alice', sdp: fixture('chromium-hold-offer') });
    assert.equal(world.saw('alice').at(-1), 'update accepted');
    assert.equal(world.saw('bob').at(-1), 'hold');
  });

  test('added video is offered to the other, and comes back with its answer', async () => {
    const world = await talking('chromium-audio-offer', 'chromium-audio-answer');
    await world.asks('alice', {
      sylkrtc: 'session-update',
      session: 's-alice',
      sdp: fixture('chromium-add-video-offer'),
    });
    assert.equal(world.saw('bob').at(-1), 'update received');
    const answer = answerTo(sdpAt(world, 'bob'), 'chromium-add-video-answer');
    await world.asks('bob', { sylkrtc: 'session-update', session: bobsSession(world), sdp: answer });
    assert.equal(world.saw('alice').at(-1), 'update accepted');
    assert.match(sdpAt(world, 'alice'), /m=video [1-9]\d* /);
    assert.equal(transports(world)[1]?.consumed.filter((item) => item.source.kind === 'video').length, 1);
  });

  test('added video of a browser that numbers codecs otherwise: it is brought to our numbers, and sees the other', async () => {
    const world = await talking('chromium-audio-offer', 'chromium-audio-answer');
    const sdp = fixture('chromium-add-video-offer').replaceAll(
      /(m=video .*|a=(?:rtpmap|fmtp|rtcp-fb):|apt=)\b96\b/g,
      '$160',
    );
    await world.asks('alice', { sylkrtc: 'session-update', session: 's-alice', sdp });
    const answer = answerTo(sdpAt(world, 'bob'), 'chromium-add-video-answer').replace('a=recvonly', 'a=sendrecv');
    await world.asks('bob', { sylkrtc: 'session-update', session: bobsSession(world), sdp: answer });
    assert.deepEqual(world.saw('alice').slice(-2), ['update accepted', 'update received']);
    const offer = sdpAt(world, 'alice');
    assert.match(offer, /m=video [1-9]\d* \S+ 96 [\s\S]*a=rtpmap:96 VP8[\s\S]*a=sendrecv/);
    const before = transports(world)[0]?.produced.filter(({ source }) => source.kind === 'video');
    await world.asks('alice', {
      sylkrtc: 'session-update',
      session: 's-alice',
      sdp: answerTo(offer, 'chromium-add-video-answer').replace('a=recvonly', 'a=sendrecv'),
    });
    const after = transports(world)[0];
    const own = after?.produced.filter(({ source }) => source.kind === 'video') ?? [];
    assert.deepEqual([before?.length, own.length], [1, 2], 'it sends by another number, which is another stream');
    assert.equal(after?.consumed.filter(({ source }) => source.kind === 'video').length, 1);
    const taken = transports(world)[1]
      ?.consumed.filter(({ source }) => source.kind === 'video')
      .at(-1);
    assert.equal(taken?.source.producerId, own.at(-1)?.source.producerId);
    assert.equal(
      world.saw('bob').at(-1),
      'update received',
      'who has been told of the stream before is told of this one',
    );
  });

  test('added video that the other does not answer is refused after ten seconds', async () => {
    const world = await talking('chromium-audio-offer', 'chromium-audio-answer');
    await world.asks('alice', {
      sylkrtc: 'session-update',
      session: 's-alice',
      sdp: fixture('chromium-add-video-offer'),
    });
    await world.clock.advance(10_000);
    assert.equal(world.saw('alice').at(-1), 'update failed');
    const late = answerTo(sdpAt(world, 'bob'), 'chromium-add-video-answer');
    const transaction = await world.asks('bob', { sylkrtc: 'session-update', session: bobsSession(world), sdp: late });
    assert.equal(
      world.saw('bob').at(-1),
      `error ${transaction}: Invalid state for updating session ${bobsSession(world)}: established`,
    );
  });

  test("both add video at once: the second is rolled back and sees the first one's offer again", async () => {
    const world = await talking('chromium-audio-offer', 'chromium-audio-answer');
    await world.asks('alice', {
      sylkrtc: 'session-update',
      session: 's-alice',
      sdp: fixture('chromium-add-video-offer'),
    });
    await world.asks('bob', {
      sylkrtc: 'session-update',
      session: bobsSession(world),
      sdp: fixture('chromium-add-video-offer'),
    });
    assert.deepEqual(
      world
        .saw('bob')
        .slice(-3)
        .map((text) => text.replace(/^ack .*/, 'ack')),
      ['ack', 'update failed', 'update received'],
    );
  });

  test('what the called can take limits what the caller sends', async () => {
    const world = await talking();
    transports(world)[1]?.tellReceiverEstimate(300_000);
    await settle();
    assert.equal(transports(world)[0]?.maxIncomingBitrateBps, 300_000);
  });

  test('the called page hangs up', async () => {
    const world = await talking();
    await world.hangsUp('bob', bobsSession(world));
    assert.deepEqual([reasonAt(world, 'alice'), reasonAt(world, 'bob')], ['200 OK', '200 OK']);
    assert.equal(world.signaling.missedCalls.length, 0);
    await world.clock.advance(0);
    assert.equal(world.signaling.over.length, 2);
  });

  test('an operator ends it', async () => {
    const world = await talking();
    const key = world.exchange.rows[0]?.key;
    assert.ok(key);
    world.exchange.end(key, { code: 480, phrase: 'Ended by operator', by: 'operator' });
    await settle();
    assert.equal(reasonAt(world, 'alice'), '480 Ended by operator');
    assert.equal(reasonAt(world, 'bob'), '480 Ended by operator');
  });
});

test('each page sees its own side of the call in the ladder, and the cause', async () => {
  const world = await talking();
  await world.hangsUp('alice');
  await settle();
  const alice = world.exchange.ladder(world.signsIn('alice').aor, sessionId('s-alice'));
  const bob = world.exchange.ladder(world.signsIn('bob').aor, sessionId(bobsSession(world)));
  const labels = (ladder: typeof alice) => ladder?.entries.map(({ label }) => label) ?? [];
  assert.ok(labels(alice).includes('session-create'));
  assert.ok(!labels(alice).some((label) => /incoming-session|session-answer/.test(label)));
  assert.ok(labels(bob).includes('session-answer'));
  assert.ok(!labels(bob).some((label) => /session-create|session-terminate/.test(label)));
  assert.equal(alice?.cause, bob?.cause);
});
