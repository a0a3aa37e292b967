import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ClientWorld } from '../../../test/fakes/client-world.ts';
import { fakeStream } from '../../../test/fakes/fake-media-stream.ts';
import { answerTo, offerOf } from '../../../test/fakes/fake-peer-connection.ts';
import type { Call } from './call.ts';

/** What a person saw and did in one whole call, and what the gateway carried out for it. */
interface Story {
  readonly seen: string[];
  readonly carriedOut: string[];
  readonly frames: number;
}

function seeEverything(call: Call): string[] {
  const seen: string[] = [];
  call.on('stateChanged', (_old, state, data) => seen.push(`${state} ${data.code ?? data.reason ?? ''}`.trim()));
  call.on('dtmf', ({ digit }) => seen.push(`digit ${digit}`));
  call.on('hold', ({ held }) => seen.push(`held ${held}`));
  call.on('updateFailed', (error) => seen.push(`failed ${error.message}`));
  return seen;
}

/**
 * Alice calls Bob; he rings, answers, presses a key, holds and resumes; she holds, resumes, sends a digit
 * and hangs up. The frames whose numbers are in `cuts`, counted from the call's beginning, end their sockets.
 */
async function callWithCuts(cuts: readonly number[]): Promise<Story> {
  const world = new ClientWorld();
  const { alice } = await world.signIn();
  const before = world.gateway.frames;
  const requestsBefore = world.gateway.carriedOut.length;
  for (const cut of cuts) world.gateway.cuts.add(before + cut);
  const call = alice.call('bob@example.org', { localStream: fakeStream() });
  const seen = seeEverything(call);
  bobTakesPart(world, call);
  call.on('stateChanged', (_old, state) => {
    if (state === 'established') void aliceTakesPart(world, call, seen);
  });
  await world.clock.advance(400_000);
  const carriedOut = world.gateway.carriedOut.slice(requestsBefore).map((request) => String(request.sylkrtc));
  return {
    seen,
    carriedOut: carriedOut.filter((name) => name.startsWith('session-')),
    frames: world.gateway.frames - before,
  };
}

function bobTakesPart(world: ClientWorld, call: Call): void {
  const emit = (news: Record<string, unknown>) => world.gateway.emit(call.id, news);
  world.gateway.onRequest = ({ sylkrtc, sdp, transaction }) => {
    if (sylkrtc === 'session-update')
      emit({ event: 'update', state: 'accepted', sdp: answerTo(String(sdp)), transaction });
    if (sylkrtc === 'session-terminate') emit({ event: 'state', state: 'terminated', reason: '200 OK' });
    if (sylkrtc !== 'session-create') return;
    emit({ event: 'state', state: 'progress' });
    world.clock.after(50, () => emit({ event: 'state', state: 'proceeding', code: 180 }));
    world.clock.after(60, () => emit({ event: 'state', state: 'ringing' }));
    world.clock.after(3_000, () => emit({ event: 'state', state: 'accepted', sdp: answerTo(String(sdp)) }));
    world.clock.after(3_020, () => emit({ event: 'state', state: 'established' }));
    world.clock.after(3_040, () => emit({ event: 'dtmf', digit: '7', duration: 100 }));
    world.clock.after(3_050, () => emit({ event: 'hold', held: true }));
    world.clock.after(3_060, () => emit({ event: 'hold', held: false }));
  };
}

async function aliceTakesPart(world: ClientWorld, call: Call, seen: string[]): Promise<void> {
  await new Promise<void>((resolve) => world.clock.after(10_000, resolve));
  seen.push(`hold ${await call.hold()}`);
  seen.push(`unhold ${await call.unhold()}`);
  call.sendDtmf('3');
  call.terminate();
}

const wholeStory = [
  'progress',
  'proceeding 180',
  'ringing',
  'accepted',
  'established',
  'digit 7',
  'held true',
  'held false',
  'hold true',
  'unhold true',
  'terminated 200 OK',
];
const wholeWork = ['session-create', 'session-update', 'session-update', 'session-dtmf-info', 'session-terminate'];

function assertWhole(story: Story, cuts: readonly number[]): void {
  assert.deepEqual(story.seen, wholeStory, `cut at ${cuts}`);
  const work = story.carriedOut.filter((name) => name !== 'session-ack');
  assert.deepEqual(work, wholeWork, `cut at ${cuts}`);
}

describe('a socket that is lost in a call', () => {
  test('without loss the story is whole', async () => {
    assertWhole(await callWithCuts([]), []);
  });

  test('at every single frame: all events once and in order, every request carried out once', async () => {
    const { frames } = await callWithCuts([]);
    assert.ok(frames > 20, `only ${frames} frames were seen`);
    for (let cut = 1; cut <= frames; cut++) assertWhole(await callWithCuts([cut]), [cut]);
  });

  test('several times, anywhere, also while the call is being resumed', async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 70 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (numbers) => assertWhole(await callWithCuts(numbers), numbers)),
      { numRuns: 300 },
    );
  });
});

/** Bob calls Alice; she answers after half a second, holds, resumes and hangs up. */
async function incomingWithCuts(cuts: readonly number[]): Promise<Story> {
  const world = new ClientWorld();
  const { alice } = await world.signIn();
  const before = world.gateway.frames;
  const requestsBefore = world.gateway.carriedOut.length;
  for (const cut of cuts) world.gateway.cuts.add(before + cut);
  let seen: string[] = ['never rang'];
  alice.on('incomingCall', (call) => {
    seen = seeEverything(call);
    world.clock.after(500, () => call.answer({ localStream: fakeStream() }));
    call.on('stateChanged', (_old, state) => {
      if (state === 'established') void aliceTakesPart(world, call, seen);
    });
  });
  world.gateway.onRequest = ({ sylkrtc, sdp, transaction }) => {
    const emit = (news: Record<string, unknown>) => world.gateway.emit('in-1', news);
    if (sylkrtc === 'session-update')
      emit({ event: 'update', state: 'accepted', sdp: answerTo(String(sdp)), transaction });
    if (sylkrtc === 'session-terminate') emit({ event: 'state', state: 'terminated', reason: '200 OK' });
    if (sylkrtc !== 'session-answer') return;
    emit({ event: 'state', state: 'accepted' });
    world.clock.after(20, () => emit({ event: 'state', state: 'established' }));
    world.clock.after(30, () => emit({ event: 'dtmf', digit: '7', duration: 100 }));
  };
  world.gateway.ring('in-1', { account: alice.id, from: 'bob@example.org', offer: offerOf('audio') });
  await world.clock.advance(400_000);
  const carriedOut = world.gateway.carriedOut.slice(requestsBefore).map((request) => String(request.sylkrtc));
  return {
    seen,
    carriedOut: carriedOut.filter((name) => name.startsWith('session-') && name !== 'session-ringing'),
    frames: world.gateway.frames - before,
  };
}

function assertAnsweredOnce(story: Story, cuts: readonly number[]): void {
  const wholeCall = ['accepted', 'established', 'digit 7', 'hold true', 'unhold true', 'terminated 200 OK'];
  assert.deepEqual(story.seen, wholeCall, `cut at ${cuts}`);
  const work = ['session-answer', 'session-update', 'session-update', 'session-dtmf-info', 'session-terminate'];
  assert.deepEqual(story.carriedOut, work, `cut at ${cuts}`);
}

describe('a socket that is lost around an incoming call', () => {
  test('at every single frame, and several times: it rings, is answered once and goes on', async () => {
    const { frames } = await incomingWithCuts([]);
    for (let cut = 1; cut <= frames; cut++) assertAnsweredOnce(await incomingWithCuts([cut]), [cut]);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, async (numbers) => assertAnsweredOnce(await incomingWithCuts(numbers), numbers)),
      { numRuns: 200 },
    );
  });
});
