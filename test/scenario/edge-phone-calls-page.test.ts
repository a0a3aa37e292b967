import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Offer, Source } from '../../media-edge/src/call/media.ts';
import { fixture } from '../../media-edge/src/sdp/fixtures.ts';
import { EdgeWorld, reasonAt } from '../fakes/edge-world.ts';
import { settle } from '../fakes/fake-clock.ts';

const pcma = { mimeType: 'audio/PCMA', clockRate: 8000, payloadType: 8, parameters: {} };
const offer: Offer = { lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [pcma] }] };
const source: Source = { kind: 'audio', producerId: 'phone-audio', codec: pcma };

async function ringing() {
  const world = new EdgeWorld();
  world.signsIn('bob', { headerPrefixes: ['X-'] });
  world.signsIn('tablet', { account: 'bob' });
  const carol = world.sip.invited('bob@sylk.test', offer, { headers: { 'X-Reason': 'lunch', Other: 'no' } });
  await settle();
  return { world, carol };
}

describe('a phone calls an address', () => {
  test('all devices ring with our offer, who calls, and the headers they asked for', async () => {
    const { world, carol } = await ringing();
    const event = world.ringing('bob');
    assert.deepEqual(event.originator, { uri: 'carol@phones.example', display_name: 'Carol' });
    assert.equal(event.verified, false, 'a From is what anybody may write');
    assert.deepEqual([event.call_id, event.seq, event.headers], ['call-of-carol', 1, { 'X-Reason': 'lunch' }]);
    assert.match(event.sdp, /m=audio \d+ UDP\/TLS\/RTP\/SAVPF 8 /);
    assert.match(event.session, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    assert.equal(world.ringing('tablet').session, event.session);
    assert.deepEqual(carol.aLeg.told, []);
    await world.asks('tablet', { sylkrtc: 'session-ringing', session: event.session });
    await world.asks('bob', { sylkrtc: 'session-ringing', session: event.session });
    assert.deepEqual(carol.aLeg.told, ['ring']);
  });

  test('one answers, the other stops with the reason, and nobody has missed anything', async () => {
    const { world, carol } = await ringing();
    await world.answers('tablet', 'chromium-audio-answer');
    assert.equal(reasonAt(world, 'bob'), '200 Answered elsewhere');
    assert.equal(carol.aLeg.told[0], 'accept');
    assert.equal(carol.aLeg.accepted?.answer.lines[0]?.codecs[0]?.mimeType, 'audio/PCMA');
    carol.aLeg.says({ kind: 'sourcesChanged', sources: [source] });
    await settle();
    const [, atTablet] = world.sfu.routers[0]?.browserTransports ?? [];
    assert.deepEqual(
      atTablet?.consumed.map((item) => item.source.producerId),
      ['phone-audio'],
    );
    assert.equal(world.signaling.missedCalls.length, 0);
    assert.deepEqual(world.saw('tablet').slice(-2), ['state accepted', 'state established']);
  });

  test("a reloaded page whose numbers are not the router's gets a router of its own", async () => {
    const { world, carol } = await ringing();
    await world.answers('tablet', 'chromium-audio-answer', 'x'.repeat(22));
    carol.aLeg.says({ kind: 'sourcesChanged', sources: [source] });
    await settle();
    const { session } = world.ringing('tablet');
    await world.resumes('tablet', 'tablet-2', { session, last_event: 3, sdp: fixture('firefox-audio-offer') });
    const [, own] = world.sfu.routers;
    assert.deepEqual(
      own?.browserTransports[0]?.consumed.map((item) => item.source.producerId),
      ['phone-audio'],
    );
    assert.deepEqual(world.saw('tablet'), [world.saw('tablet')[0], 'media lost', 'update accepted', 'media up']);
    await world.hangsUp('tablet', session);
    assert.deepEqual(
      world.sfu.routers.map((router) => router.isClosed),
      [true, true],
    );
  });

  test('both answer at once: one wins, the other is told', async () => {
    const { world } = await ringing();
    await Promise.all([
      world.answers('tablet', 'chromium-audio-answer'),
      world.answers('bob', 'chromium-audio-answer'),
    ]);
    const ends = [reasonAt(world, 'bob'), reasonAt(world, 'tablet')];
    assert.deepEqual(
      ends.filter((reason) => reason !== undefined),
      ['200 Answered elsewhere'],
    );
    assert.equal(world.signaling.binds.length, 1);
  });

  test('the caller gives up: all stop, and the call is missed once', async () => {
    const { world, carol } = await ringing();
    carol.aLeg.says({ kind: 'ended', cause: { code: 487, phrase: 'Request Terminated', by: 'caller' } });
    await settle();
    assert.deepEqual(
      [reasonAt(world, 'bob'), reasonAt(world, 'tablet')],
      ['487 Request Terminated', '487 Request Terminated'],
    );
    assert.equal(world.signaling.missedCalls.length, 1);
  });

  test('one device declines, the other rings on; a 603 speaks for both', async () => {
    const { world, carol } = await ringing();
    const { session } = world.ringing('bob');
    await world.hangsUp('bob', session);
    assert.equal(reasonAt(world, 'bob'), '486 Busy Here');
    assert.equal(reasonAt(world, 'tablet'), undefined);
    await world.hangsUp('tablet', session, 603);
    assert.equal(carol.aLeg.told.at(-1), 'end 603 Decline');
  });

  test('codes for who is not there, and for what is not taken', async () => {
    const world = new EdgeWorld();
    const nobody = world.sip.invited('nobody@sylk.test', offer);
    await settle();
    assert.equal(nobody.aLeg.told.at(-1), 'end 404 Not Found');
    assert.equal(world.sip.invited('bob@elsewhere.example', offer).rejected?.code, 404);
    const fax: Offer = { lines: [{ kind: 'audio', direction: 'inactive', codecs: [] }] };
    assert.equal(world.sip.invited('bob@sylk.test', fax).rejected?.code, 488);
    world.exchange.drain();
    assert.equal(world.sip.invited('bob@sylk.test', offer).rejected?.code, 503);
  });

  test('an edge that may have been declared lost takes no calls', async () => {
    const world = new EdgeWorld();
    world.hasLease = false;
    assert.equal(world.sip.invited('bob@sylk.test', offer).rejected?.code, 503);
    world.signsIn('alice');
    await world.calls('alice', 'bob@sylk.test');
    assert.deepEqual(world.saw('alice'), ['error alice-1: This server takes no new calls at the moment']);
  });

  test('echo answers a phone and gives it its own stream back', async () => {
    const world = new EdgeWorld();
    const carol = world.sip.invited('echo@sylk.test', offer);
    await settle();
    carol.aLeg.says({ kind: 'sourcesChanged', sources: [source] });
    carol.aLeg.says({ kind: 'dtmf', digit: '4', durationMs: 80 });
    await settle();
    assert.deepEqual(carol.aLeg.told, ['accept', 'connect ', 'connect phone-audio', 'dtmf 4 80']);
  });
});
