/** Messages within calls: between two pages, and between a page and a phone. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServerMessage } from '@sylk/protocol/sylkrtc/events.ts';
import type { LegEvent } from '../../media-edge/src/call/call-leg.ts';
import type { TextOutcome } from '../../media-edge/src/ports/call-text.ts';
import { EdgeWorld } from '../fakes/edge-world.ts';
import { settle } from '../fakes/fake-clock.ts';

const timestamp = '2026-01-31T12:00:00.000Z';
const message = (session: string, fields: { content?: string; message_id?: string } = {}) =>
  ({
    sylkrtc: 'session-message',
    session,
    message_id: 'm1',
    content: 'Hello',
    content_type: 'text/plain',
    timestamp,
    ...fields,
  }) as const;

const eventsAt = (world: EdgeWorld, name: string, event: string): readonly ServerMessage[] =>
  world.signaling.posts
    .filter((post) => post.connection === name)
    .map((post) => post.message)
    .filter((frame) => 'event' in frame && frame.event === event);

async function pages() {
  const world = new EdgeWorld();
  world.signsIn('alice', { displayName: 'Alice' });
  world.signsIn('bob');
  await world.calls('alice', 'bob@sylk.test', 'chromium-av-offer');
  return world;
}

async function phone() {
  const world = new EdgeWorld();
  world.signsIn('alice');
  await world.calls('alice', 'bob@phones.example', 'chromium-av-offer');
  const bob = world.sip.dialled[0]?.leg;
  assert.ok(bob);
  return { world, bob };
}

const pcmu = { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} };

async function talkingPhone() {
  const { world, bob } = await phone();
  const lines = [
    { kind: 'audio', direction: 'sendrecv', codecs: [pcmu] },
    { kind: 'video', direction: 'inactive', codecs: [] },
  ] as const;
  bob.says({ kind: 'answered', answer: { lines }, sources: [{ kind: 'audio', producerId: 'p', codec: pcmu }] });
  await settle();
  return { world, bob };
}

const from = { uri: 'bob@phones.example', display_name: 'Bob' };
const texts = { wantsDelivery: true, wantsDisplay: false, contentType: 'text/plain', at: Date.parse(timestamp) };
const written = (content: string, settled: (outcome: TextOutcome) => void): LegEvent => ({
  ...{ kind: 'written', settle: settled },
  text: { kind: 'message', from, id: 'x1', content, ...texts },
});

describe('a message within a call', () => {
  test('between two pages: it is there, and its writer hears that', async () => {
    const world = await pages();
    await world.answers('bob', 'chromium-av-answer');
    await settle();
    await world.asks('alice', message('s-alice'));
    const [there] = eventsAt(world, 'bob', 'message');
    assert.deepEqual(there, {
      ...{ sylkrtc: 'session-event', session: world.ringing('bob').session, event: 'message' },
      ...{ sender: { uri: 'alice@sylk.test', display_name: 'Alice' }, timestamp, disposition_notification: [] },
      ...{ message_id: 'm1', content_type: 'text/plain', content: 'Hello' },
    });
    const [sent] = eventsAt(world, 'alice', 'disposition-notification');
    assert.deepEqual(sent, {
      ...{ sylkrtc: 'session-event', session: 's-alice', event: 'disposition-notification' },
      ...{ message_id: 'm1', message_timestamp: timestamp, state: 'accepted', code: 200, reason: 'OK' },
    });
  });

  test('before the answer, and one that is too large, is refused in words', async () => {
    const world = await pages();
    const early = world.signaling.posts.length;
    await world.asks('alice', message('s-alice'));
    const last = () => world.signaling.posts.at(-1)?.message;
    assert.match(JSON.stringify(last()), /Invalid state session s-alice: progress for sending messages/);
    assert.equal(world.signaling.posts.length, early + 1);
    await world.answers('bob', 'chromium-av-answer');
    await settle();
    await world.asks('alice', message('s-alice', { content: 'ä'.repeat(9_000) }));
    assert.match(JSON.stringify(last()), /The message has 18000 bytes, at most 16384 are allowed/);
    assert.deepEqual(eventsAt(world, 'bob', 'message'), []);
  });

  test('to a phone: each has its own result, and what the phone says of it later is told', async () => {
    const { world, bob } = await talkingPhone();
    await world.asks('alice', message('s-alice', { content: 'one' }));
    bob.writeOutcome = { code: 486, reason: 'Busy Here' };
    await world.asks('alice', message('s-alice', { content: 'two', message_id: 'm2' }));
    assert.deepEqual(
      bob.told.filter((told) => told.startsWith('write')),
      ['write one', 'write two'],
    );
    const outcomes: TextOutcome[] = [];
    bob.says({
      ...{ kind: 'written', settle: (outcome) => outcomes.push(outcome) },
      text: { kind: 'disposition', from, at: texts.at, message: 'm1', state: 'displayed' },
    });
    await settle();
    const told = eventsAt(world, 'alice', 'disposition-notification').map((frame) => JSON.stringify(frame));
    assert.deepEqual(
      told.map((frame) => /"message_id":"(\w+)".*"state":"(\w+)","code":(\d+)/.exec(frame)?.slice(1).join(' ')),
      ['m1 accepted 200', 'm2 failed 486', 'm1 displayed 200'],
    );
    assert.deepEqual(outcomes, [{ code: 200, reason: 'OK' }]);
  });

  test('of a phone: it is there with what its writer wants to know; nobody takes one before the answer', async () => {
    const { world, bob } = await phone();
    const outcomes: number[] = [];
    const tells = (outcome: TextOutcome) => void outcomes.push(outcome.code);
    bob.says(written('too early', tells));
    await settle();
    assert.deepEqual(outcomes, [481]);
    const talking = await talkingPhone();
    talking.bob.says(written('Hi', tells));
    await settle();
    assert.deepEqual(outcomes, [481, 200]);
    const [there] = eventsAt(talking.world, 'alice', 'message');
    assert.ok(there !== undefined && 'content' in there && 'disposition_notification' in there);
    assert.deepEqual([there.content, there.disposition_notification], ['Hi', ['positive-delivery']]);
    assert.deepEqual(eventsAt(world, 'alice', 'message'), []);
  });
});
