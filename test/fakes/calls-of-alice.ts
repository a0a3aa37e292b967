import assert from 'node:assert/strict';
import type { Call } from '../../web/src/client/call.ts';
import { ClientWorld, writeStates } from './client-world.ts';
import { fakeStream } from './fake-media-stream.ts';
import { answerTo, offerOf } from './fake-peer-connection.ts';

/** Alice is signed in and calls Bob with these media; nothing has been answered. */
export async function dialled(media = { audio: true, video: false }) {
  const world = new ClientWorld();
  const { connection, alice } = await world.signIn();
  const localStream = fakeStream(media);
  const call = alice.call('bob@example.org', { localStream, headers: [{ name: 'X-Shop', value: '7' }] });
  const states = writeStates(call);
  await world.clock.advance(10);
  const [create] = world.carriedOut('session-create');
  assert.ok(create, 'no session-create was sent');
  return { world, connection, alice, call, states, create, localStream };
}

export async function established(media?: { audio: boolean; video: boolean }) {
  const dial = await dialled(media);
  const { world, call, create } = dial;
  world.gateway.emit(call.id, { event: 'state', state: 'progress' });
  world.gateway.emit(call.id, {
    event: 'state',
    state: 'accepted',
    sdp: answerTo(String(create.sdp)),
    call_id: 'sip-1',
  });
  world.gateway.emit(call.id, { event: 'state', state: 'established' });
  await world.clock.advance(10);
  assert.equal(call.state, 'established');
  world.peer.becomeIce('connected');
  return dial;
}

/** Bob calls Alice; it rings in her page. */
export async function ringing(offer = offerOf('audio', 'video')) {
  const world = new ClientWorld();
  const { connection, alice } = await world.signIn({ device: 'alice-browser' });
  const incoming: { call: Call; media: unknown }[] = [];
  alice.on('incomingCall', (call, media) => incoming.push({ call, media }));
  world.gateway.ring('in-1', { account: alice.id, from: 'bob@example.org', offer });
  await world.clock.advance(10);
  const [first] = incoming;
  assert.ok(first, 'no call came in');
  return { world, connection, alice, ...first, states: writeStates(first.call) };
}

/** Directions of the lines in a description. */
export const directionsIn = (sdp: unknown) =>
  [...String(sdp).matchAll(/^a=(sendrecv|sendonly|recvonly|inactive)/gm)].map((found) => found[1]);

/** The gateway, or Bob behind it, takes every change of media. */
export function acceptUpdates(world: ClientWorld, options: { withTransaction?: boolean } = {}): void {
  world.gateway.onRequest = (request) => {
    if (request.sylkrtc !== 'session-update') return;
    const transaction = options.withTransaction === false ? {} : { transaction: request.transaction };
    const sdp = answerTo(String(request.sdp));
    world.gateway.emit(String(request.session), { event: 'update', state: 'accepted', sdp, ...transaction });
  };
}
