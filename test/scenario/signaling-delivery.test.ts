import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sessionId } from '@sylk/protocol/ids.ts';
import type { FakeEdge } from '../fakes/fake-edge.ts';
import type { RawClient } from '../fakes/raw-client.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

/** Frames are handled side by side, each after a wait of its own, and twice: as a platform without order delivers them. */
const delivery = { isParallel: true, delayMs: () => Math.random() * 20, copies: () => 2 };

let stage: SignalingStage;
let edge: FakeEdge;
let alice: Address;
before(async () => {
  stage = await SignalingStage.open({ SYLK_CALLS_PER_MINUTE: '1000' }, { delivery });
  edge = await stage.edge();
  alice = await stage.mint();
});
after(() => stage.close());

/** The request is handled twice, and answered twice. */
const added = async (client: RawClient): Promise<void> => {
  client.send({ sylkrtc: 'account-add', account: alice.address, password: alice.password });
  assert.equal((await client.next()).sylkrtc, 'ack');
  assert.equal((await client.next()).sylkrtc, 'ack');
};

test('a trickle and an answer that overtake their session wait for it', async () => {
  const client = await stage.client();
  await added(client);
  for (let round = 0; round < 10; round += 1) {
    const session = randomUUID();
    client.send({ sylkrtc: 'session-trickle', session, candidates: [] });
    client.send({ sylkrtc: 'session-update', session, sdp: 'v=0' });
    client.send({ sylkrtc: 'session-create', session, account: alice.address, uri: 'bob@example.org', sdp: 'v=0' });
    const commands = [];
    for (let count = 0; count < 6; count += 1) commands.push(await edge.receives('request'));
    const tags = commands.map(({ request }) => request.sylkrtc).toSorted();
    const once = ['session-create', 'session-trickle', 'session-update'];
    assert.deepEqual(
      tags,
      once.flatMap((tag) => [tag, tag]),
    );
    const [first] = commands;
    for (const { from } of commands) assert.deepEqual(from, first?.from);
  }
});

test('a session that is ended stays so, whatever comes in which order', async () => {
  const client = await stage.client();
  await added(client);
  const sessions = Array.from({ length: 10 }, () => randomUUID());
  for (const session of sessions) {
    client.send({ sylkrtc: 'session-terminate', session, transaction: `end ${session}` });
    client.send({
      sylkrtc: 'session-create',
      session,
      account: alice.address,
      uri: 'b@example.org',
      sdp: 'v=0',
      transaction: session,
    });
  }
  const ended = new Set<string>();
  edge.answer = (command) => {
    if (command.kind === 'request' && command.request.sylkrtc === 'session-terminate') {
      const { from, request } = command;
      ended.add(request.session);
      const key = { aor: from.aor, device: from.device, session: sessionId(request.session) };
      void edge.report({ kind: 'ended', keys: [key] });
    }
    return { kind: 'done', id: command.id, ok: true };
  };
  await stage.until(async () => ended.size === sessions.length);
  for (const session of sessions) {
    const transaction = client.send({
      sylkrtc: 'session-create',
      session,
      account: alice.address,
      uri: 'b@example.org',
      sdp: '',
      transaction: session,
    });
    let reply = await client.next();
    while (reply.transaction !== transaction || reply.sylkrtc !== 'error') reply = await client.next();
    assert.equal(reply.error, `Session ${session} is terminated`);
  }
});
