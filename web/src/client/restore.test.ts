import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptUpdates, directionsIn, established } from '../../../test/fakes/calls-of-alice.ts';
import { type ClientWorld, writeStates } from '../../../test/fakes/client-world.ts';
import { fakeStream } from '../../../test/fakes/fake-media-stream.ts';
import { answerTo } from '../../../test/fakes/fake-peer-connection.ts';
import { readCallResumeState } from './call-resume-state.ts';

/** The tab is loaded again: all that is left of the call is what was stored. */
async function reload(first: Awaited<ReturnType<typeof established>>) {
  const stored = JSON.stringify(first.call.resumeState);
  first.world.gateway.socket.cut();
  const { world } = first;
  const page = await signInAgain(world);
  const state = readCallResumeState(JSON.parse(stored));
  assert.ok(state);
  const call = page.connection.restore(state, { localStream: fakeStream({ audio: true, video: true }) });
  return { ...page, world, call, states: writeStates(call), state };
}

async function signInAgain(world: ClientWorld) {
  for (const connection of world.connections) connection.close();
  return world.signIn();
}

describe('a reloaded page', () => {
  test('takes its call over with a new peer connection of the same lines', async () => {
    const first = await established({ audio: true, video: true });
    const { world } = first;
    world.gateway.onRequest = ({ sylkrtc, session, sdp, transaction }) => {
      if (sylkrtc === 'session-resume')
        world.gateway.emit(String(session), {
          event: 'update',
          state: 'accepted',
          sdp: answerTo(String(sdp)),
          transaction,
        });
    };
    const { call, states, state } = await reload(first);
    const streams: MediaStream[] = [];
    call.on('streamAdded', (stream) => streams.push(stream));
    await world.clock.advance(50);
    const [resume] = world.carriedOut('session-resume');
    assert.deepEqual(directionsIn(resume?.sdp), ['sendrecv', 'sendrecv']);
    assert.equal(resume?.last_event, state.lastEvent);
    assert.equal(call.state, 'established');
    assert.equal(call.callId, 'sip-1');
    assert.equal(call.remoteIdentity.uri, 'bob@example.org');
    assert.deepEqual(states, []);
    assert.equal(streams[0]?.getTracks().length, 2);
    assert.equal(world.peers.length, 2);
    acceptUpdates(world);
    const held = call.hold();
    await world.clock.advance(10);
    assert.equal(await held, true);
  });

  test('restarts no path while its own offer waits for the answer, which makes the path anew', async () => {
    const first = await established();
    const { world } = first;
    world.gateway.onRequest = ({ sylkrtc, session, sdp, transaction }) => {
      if (sylkrtc !== 'session-resume') return;
      // The gateway has lost the media of the former life, and says so before it answers.
      world.gateway.emit(String(session), { event: 'media', state: 'lost' });
      const answer = { event: 'update', state: 'accepted', sdp: answerTo(String(sdp)), transaction };
      world.clock.after(20, () => world.gateway.emit(String(session), answer));
    };
    const { call } = await reload(first);
    await world.clock.advance(15);
    assert.deepEqual(world.carriedOut('session-update'), []);
    await world.clock.advance(50);
    assert.equal(call.state, 'established');
    assert.equal(world.peers.at(-1)?.remoteDescription?.type, 'answer');
  });

  test('hears what happened meanwhile, but takes no answer that was meant for its former life', async () => {
    const first = await established();
    const { world } = first;
    const held = first.call.hold();
    await world.clock.advance(3);
    const [update] = world.carriedOut('session-update');
    const reloaded = reload(first);
    world.gateway.emit(first.call.id, {
      event: 'update',
      state: 'accepted',
      sdp: 'an old answer',
      transaction: update?.transaction,
    });
    world.gateway.emit(first.call.id, { event: 'hold', held: true });
    const { call, states } = await reloaded;
    const holds: unknown[] = [];
    call.on('hold', (change) => holds.push(change));
    await world.clock.advance(50);
    assert.equal(await held, false);
    assert.deepEqual(holds, [{ held: true }]);
    const [resume] = world.carriedOut('session-resume');
    assert.equal(world.peer.signalingState, 'have-local-offer');
    world.gateway.emit(call.id, {
      event: 'update',
      state: 'accepted',
      sdp: answerTo(String(resume?.sdp)),
      transaction: resume?.transaction,
    });
    await world.clock.advance(10);
    assert.equal(world.peer.signalingState, 'stable');
    assert.deepEqual(states, []);
  });

  test('stays on hold when it was', async () => {
    const first = await established();
    acceptUpdates(first.world);
    const held = first.call.hold();
    await first.world.clock.advance(10);
    await held;
    const { call, world } = await reload(first);
    await world.clock.advance(50);
    assert.equal(call.isOnHold, true);
    assert.deepEqual(directionsIn(world.carriedOut('session-resume')[0]?.sdp), ['inactive']);
  });

  test('finds its call over', async () => {
    const first = await established();
    first.world.gateway.sessions.delete(first.call.id);
    const { states, world } = await reload(first);
    await world.clock.advance(50);
    assert.deepEqual(states, ['terminated 481 Call Does Not Exist']);
  });

  test('a call of an account that is not here is refused', async () => {
    const { connection, call } = await established();
    const state = call.resumeState;
    assert.ok(state);
    assert.throws(
      () => connection.restore({ ...state, account: 'carol@example.org' }, { localStream: fakeStream() }),
      /add it before/,
    );
  });

  test('what is stored is read only when it is whole', async () => {
    const { call } = await established();
    const state = JSON.parse(JSON.stringify(call.resumeState));
    assert.deepEqual(readCallResumeState(state), state);
    for (const key of Object.keys(state)) {
      if (key === 'callId') continue;
      assert.equal(readCallResumeState({ ...state, [key]: undefined }), undefined, key);
    }
    assert.equal(readCallResumeState(null), undefined);
    assert.equal(readCallResumeState({ ...state, lines: [{ kind: 'text', direction: 'sendrecv' }] }), undefined);
  });
});
