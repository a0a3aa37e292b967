/** Who writes just now (RFC 3994): told to who is there, and kept nowhere. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { composingType, writeComposing } from '@sylk/protocol/composing.ts';
import { reportResult } from '@sylk/protocol/edge/codec.ts';
import { aor } from '@sylk/protocol/ids.ts';
import type { RawClient } from '../fakes/raw-client.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
before(async () => {
  stage = await SignalingStage.open();
});
after(() => stage.close());

/** What an account may say in a minute. */
const composingPerMinute = 30;

let ids = 0;
const typing = ({ address }: Address, uri: string, content = writeComposing({ state: 'active', refresh: 90 })) => ({
  ...{ sylkrtc: 'account-message', account: address, uri, message_id: `c${++ids}` },
  ...{ content, content_type: composingType, timestamp: '2026-01-31T12:00:00.000Z' },
});

const historyOf = async (client: RawClient, { address }: Address): Promise<unknown> => {
  assert.equal(await client.asks({ sylkrtc: 'account-sync-conversations', account: address }), 'ack');
  return (await client.next()).messages;
};

const indication = (uri: string, state = 'active', refresh = 90) => ({
  ...{ event: 'composing-indication', state, refresh, content_type: 'text/plain', uri },
});

const heard = async (client: RawClient) => {
  const { event, state, refresh, content_type, sender } = await client.next();
  return { event, state, refresh, content_type, uri: Object(sender).uri };
};

test('one of ours hears it on all devices, the writer on none, and neither has it in the history', async () => {
  const [alice, bob] = [await stage.mint(), await stage.mint()];
  const writers = [await stage.signedIn(alice), await stage.signedIn(alice)];
  const readers = [await stage.signedIn(bob), await stage.signedIn(bob)];
  const [laptop, reader] = [writers[0], readers[0]];
  assert.ok(laptop && reader);
  assert.equal(await laptop.asks(typing(alice, bob.address)), 'ack');
  for (const client of readers) assert.deepEqual(await heard(client), indication(alice.address));
  assert.equal(await laptop.asks(typing(alice, alice.address)), 'ack');
  for (const client of writers) assert.deepEqual(await client.rest(), []);
  assert.deepEqual([await historyOf(laptop, alice), await historyOf(reader, bob)], [[], []]);
  const written = { ...typing(alice, bob.address), content_type: `${composingType.toUpperCase()}; charset=utf-8` };
  assert.equal(await laptop.asks(written), 'ack');
  for (const client of readers) assert.deepEqual(await heard(client), indication(alice.address));
  assert.deepEqual(await historyOf(reader, bob), []);
  assert.match(await laptop.asks(typing(alice, bob.address, '<isComposing/>')), /^Invalid is-composing/);
  assert.deepEqual(await reader.rest(), []);
});

test('only whoever has shown the password says it', async () => {
  const [alice, bob] = [await stage.mint(), await stage.mint()];
  const reader = await stage.signedIn(bob);
  const stranger = await stage.client();
  assert.equal(await stranger.asks(typing(alice, bob.address)), `Unknown account specified: ${alice.address}`);
  const password = 'of somebody else';
  await stranger.asks({ sylkrtc: 'account-add', account: alice.address, password });
  assert.equal(await stranger.asks(typing(alice, bob.address)), 'Account not authenticated');
  assert.deepEqual(await reader.rest(), []);
});

test('who says it too often is acknowledged and heard no more, which is nothing to others', async () => {
  const [alice, bob, carol] = [await stage.mint(), await stage.mint(), await stage.mint()];
  const [laptop, reader, other] = [await stage.signedIn(alice), await stage.signedIn(bob), await stage.signedIn(carol)];
  for (let n = 0; n < 3 * composingPerMinute; n += 1)
    assert.equal(await laptop.asks(typing(alice, bob.address)), 'ack');
  const told = (await reader.rest()).length;
  // The minutes are those of the clock, and one may end meanwhile.
  assert.ok(told >= composingPerMinute && told <= 2 * composingPerMinute, `${told} were told`);
  assert.equal(await other.asks(typing(carol, bob.address)), 'ack');
  assert.deepEqual(await heard(reader), indication(carol.address));
});

test('it goes to SIP and comes from there, and from nobody in the name of one of ours', async () => {
  const [alice, bob] = [await stage.mint(), await stage.mint()];
  const laptop = await stage.signedIn(alice);
  const edge = await stage.edge();
  assert.equal(await laptop.asks(typing(alice, 'Carol@example.net')), 'ack');
  const { from, to, page } = await edge.receives('page');
  assert.deepEqual([from.aor, to], [alice.address, 'Carol@example.net']);
  assert.deepEqual(page, { kind: 'composing', state: 'active', refreshSec: 90, contentType: 'text/plain' });
  const composing = { kind: 'composing', state: 'idle', refreshSec: 60 } as const;
  const report = { kind: 'page', edge: edge.edge, generation: edge.generation, page: composing } as const;
  const written = (uri: string, target: string, proven?: string) =>
    edge.report({
      ...{ ...report, from: { uri }, to: aor(target) },
      ...(proven === undefined ? {} : { proven: aor(proven) }),
    });
  assert.deepEqual(reportResult('page', await written('carol@example.net', alice.address)), { status: 'stored' });
  assert.deepEqual(await heard(laptop), indication('carol@example.net', 'idle', 60));
  assert.deepEqual(reportResult('page', await written(bob.address, alice.address)), { status: 'forbidden' });
  assert.deepEqual(await laptop.rest(), []);
  assert.deepEqual(reportResult('page', await written(bob.address, alice.address, bob.address)), { status: 'stored' });
  assert.deepEqual(await heard(laptop), indication(bob.address, 'idle', 60));
  assert.deepEqual(reportResult('page', await written('carol@example.net', 'nobody@example.net')), {
    status: 'unknown',
  });
  const block = { sylkrtc: 'account-block', account: alice.address, uri: 'carol@example.net' };
  assert.equal(await laptop.asks(block), 'ack');
  assert.equal((await laptop.next()).event, 'contact-policy');
  assert.deepEqual(reportResult('page', await written('carol@example.net', alice.address)), { status: 'stored' });
  assert.deepEqual(await laptop.rest(), []);
  assert.deepEqual(await historyOf(laptop, alice), []);
});
