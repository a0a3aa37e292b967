import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { reportResult } from '@sylk/protocol/edge/codec.ts';
import { aor } from '@sylk/protocol/ids.ts';
import { isJsonObject, type JsonObject } from '@sylk/protocol/json.ts';
import { maxFrameBytes } from '@sylk/protocol/limits.ts';
import type { RawClient } from '../fakes/raw-client.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
before(async () => {
  stage = await SignalingStage.open({ SYLK_ADDRESSES_PER_HOUR: '1000' });
});
after(() => stage.close());

const timestamp = '2026-01-31T12:00:00.000Z';
let ids = 0;
const text = ({ address }: Address, uri: string, more: object = {}) => ({
  sylkrtc: 'account-message',
  account: address,
  uri,
  message_id: `m${++ids}`,
  content: 'Good morning',
  content_type: 'text/plain',
  timestamp,
  ...more,
});

/** The history of an account as one of its clients reads it, by pages. */
const history = async (client: RawClient, { address }: Address): Promise<readonly JsonObject[]> => {
  const all: JsonObject[] = [];
  for (;;) {
    const after = all.at(-1)?.message_id;
    const request = { sylkrtc: 'account-sync-conversations', account: address };
    assert.equal(await client.asks(after === undefined ? request : { ...request, message_id: after }), 'ack');
    const event = await client.next();
    assert.ok(JSON.stringify(event).length < maxFrameBytes);
    const page = Array.isArray(event.messages) ? event.messages.filter(isJsonObject) : [];
    if (page.length === 0) return all;
    all.push(...page);
  }
};

const people = async () => {
  const [alice, bob] = [await stage.mint(), await stage.mint()];
  return { alice, bob };
};

test('a text between two of ours is stored for both, told to all their devices, and its receipts come back', async () => {
  const { alice, bob } = await people();
  const laptop = await stage.signedIn(alice);
  const phone = await stage.signedIn(alice);
  const other = await stage.signedIn(bob);
  const message = text(alice, bob.address);
  assert.equal(await laptop.asks(message), 'ack');
  const accepted = await laptop.next();
  assert.deepEqual([accepted.event, accepted.state, accepted.code], ['disposition-notification', 'accepted', 200]);
  const [sync, alsoAccepted] = [await phone.next(), await phone.next()];
  assert.deepEqual([sync.event, sync.type, sync.action], ['sync', 'message', 'add']);
  assert.equal(alsoAccepted.state, 'accepted');
  const event = await other.next();
  assert.deepEqual([event.event, event.message_id, event.content], ['message', message.message_id, 'Good morning']);
  assert.deepEqual(event.disposition_notification, ['positive-delivery', 'display']);

  const receipt = { sylkrtc: 'account-disposition-notification', account: bob.address, uri: alice.address, timestamp };
  const { message_id } = message;
  assert.equal(await other.asks({ ...receipt, message_id, state: 'displayed' }), 'ack');
  assert.equal((await laptop.next()).state, 'displayed');
  assert.equal((await phone.next()).state, 'displayed');
  assert.equal(await other.asks({ ...receipt, message_id, state: 'delivered' }), 'ack');
  assert.deepEqual(await laptop.rest(), []);
  const [stored] = await history(laptop, alice);
  assert.deepEqual([stored?.state, stored?.disposition, stored?.direction], ['displayed', [], 'outgoing']);
  assert.deepEqual(await history(laptop, alice), await history(phone, alice));
});

test('a repeated text is stored and told once', async () => {
  const { alice, bob } = await people();
  const laptop = await stage.signedIn(alice);
  const other = await stage.signedIn(bob);
  const message = text(alice, bob.address);
  assert.equal(await laptop.asks(message), 'ack');
  await laptop.next();
  assert.equal(await laptop.asks(message), 'ack');
  await other.next();
  assert.deepEqual(await other.rest(), []);
  assert.equal((await history(other, bob)).length, 1);
});

test('an id that another one has used before takes nothing away', async () => {
  const { alice, bob } = await people();
  const carol = await stage.mint();
  const [a, c, b] = [await stage.signedIn(alice), await stage.signedIn(carol), await stage.signedIn(bob)];
  const message_id = 'same';
  assert.equal(await a.asks(text(alice, bob.address, { message_id, content: 'of Alice' })), 'ack');
  await a.next();
  assert.equal(await c.asks(text(carol, bob.address, { message_id, content: 'of Carol' })), 'ack');
  const told = [await b.next(), await b.next()];
  const kept = await history(b, bob);
  assert.deepEqual(
    kept.map(({ content, contact }) => [content, contact]),
    [
      ['of Alice', alice.address],
      ['of Carol', carol.address],
    ],
  );
  // A device goes on after the last id that it has, and so has to find each message under one of its own.
  assert.deepEqual(
    told.map(({ message_id: id }) => id),
    kept.map(({ message_id: id }) => id),
  );
  assert.equal(new Set(kept.map(({ message_id: id }) => id)).size, 2);
  const receipt = { sylkrtc: 'account-disposition-notification', account: bob.address, state: 'displayed', timestamp };
  assert.equal(await b.asks({ ...receipt, uri: carol.address, message_id: kept[1]?.message_id }), 'ack');
  await c.next();
  const displayed = await c.next();
  assert.deepEqual([displayed.state, displayed.message_id], ['displayed', 'same']);
  const again = await a.asks(text(alice, bob.address, { message_id, content: 'something else' }));
  assert.match(again, /^Message id same was used for another message/);
  const elsewhere = await a.asks(text(alice, carol.address, { message_id, content: 'of Alice' }));
  assert.match(elsewhere, /^Message id same was used for another message/);
  assert.deepEqual(await c.rest(), []);
});

test('what came while nobody was signed in is there at sign-in', async () => {
  const { alice, bob } = await people();
  const laptop = await stage.signedIn(alice);
  assert.equal(await laptop.asks(text(alice, bob.address)), 'ack');
  assert.equal((await laptop.next()).code, 202);
  const other = await stage.signedIn(bob);
  assert.deepEqual(
    (await history(other, bob)).map(({ direction, contact }) => [direction, contact]),
    [['incoming', alice.address]],
  );
});

test('reading clears what is wanted, removing removes: one message on both sides, a conversation on one', async () => {
  const { alice, bob } = await people();
  const laptop = await stage.signedIn(alice);
  const other = await stage.signedIn(bob);
  const [first, second] = [text(alice, bob.address), text(alice, bob.address)];
  for (const message of [first, second]) {
    await laptop.asks(message);
    await laptop.next();
  }
  await other.next();
  await other.next();
  const ofBob = { account: bob.address, contact: alice.address };
  assert.equal(await other.asks({ sylkrtc: 'account-mark-conversation-read', ...ofBob }), 'ack');
  const read = (await history(other, bob)).filter(({ direction }) => direction === 'incoming');
  assert.deepEqual(
    read.map(({ disposition }) => disposition),
    [[], []],
  );
  const removal = { sylkrtc: 'account-remove-message', account: alice.address, contact: bob.address };
  assert.equal(await laptop.asks({ ...removal, message_id: first.message_id }), 'ack');
  const told = await other.next();
  assert.deepEqual([told.type, told.action], ['message', 'remove']);
  const left = await history(other, bob);
  assert.ok(!left.some(({ message_id }) => message_id === first.message_id));
  assert.equal(await other.asks({ sylkrtc: 'account-remove-conversation', ...ofBob }), 'ack');
  assert.deepEqual(
    (await history(other, bob)).map(({ content_type }) => content_type),
    ['application/sylk-conversation-remove'],
  );
  await laptop.rest();
  assert.ok((await history(laptop, alice)).some(({ message_id }) => message_id === second.message_id));
});

test('a text from the future is of now', async () => {
  const { alice, bob } = await people();
  const [laptop, other] = [await stage.signedIn(alice), await stage.signedIn(bob)];
  const isPast = (time: unknown) => assert.ok(Date.parse(String(time)) <= Date.now(), `${String(time)} is not over`);
  const soon = new Date(Date.now() + 30_000).toISOString();
  assert.equal(await laptop.asks(text(alice, bob.address, { timestamp: soon })), 'ack');
  isPast((await laptop.next()).message_timestamp);
  isPast((await other.next()).timestamp);
  for (const { timestamp: kept } of [...(await history(laptop, alice)), ...(await history(other, bob))]) isPast(kept);
  assert.match(await laptop.asks(text(alice, bob.address, { timestamp: 'soon' })), /^Invalid timestamp/);
});

test('a long history comes in pages that fit into a frame', async () => {
  const { alice } = await people();
  const laptop = await stage.signedIn(alice);
  const content = 'ä'.repeat(3_000);
  for (let sent = 0; sent < 12; sent += 1) await laptop.asks(text(alice, alice.address, { content }));
  assert.equal((await history(laptop, alice)).length, 12);
});

test('an account that is added but not verified reads, sends and removes nothing', async () => {
  const { alice, bob } = await people();
  const liar = await stage.client();
  await liar.asks({ sylkrtc: 'account-add', account: alice.address, password: 'wrong' });
  const requests = [
    text(alice, bob.address),
    { sylkrtc: 'account-sync-conversations', account: alice.address },
    { sylkrtc: 'account-mark-conversation-read', account: alice.address, contact: bob.address },
    { sylkrtc: 'account-remove-message', account: alice.address, contact: bob.address, message_id: 'm' },
    { sylkrtc: 'account-remove-conversation', account: alice.address, contact: bob.address },
  ];
  for (const request of requests) assert.equal(await liar.asks(request), 'Account not authenticated');
  assert.match(await liar.asks(text(bob, alice.address)), /^Unknown account specified/);
});

test('a text to nobody of ours fails; one to elsewhere goes to an edge, and what SIP says comes back', async () => {
  const { alice } = await people();
  const laptop = await stage.signedIn(alice);
  await laptop.asks(text(alice, 'nobody@sylk.test'));
  const failed = await laptop.next();
  assert.deepEqual([failed.state, failed.code], ['failed', 404]);
  assert.match(await laptop.asks(text(alice, 'bob@example.net', { timestamp: 'soon' })), /^Invalid timestamp/);
  const edge = await stage.edge();
  const message = text(alice, 'bob@example.net');
  assert.equal(await laptop.asks(message), 'ack');
  const command = await edge.receives('page');
  assert.deepEqual([command.to, command.page.kind], ['bob@example.net', 'message']);
  const { message_id } = message;
  const sent = { kind: 'page-sent', aor: command.from.aor, to: command.to, message: message_id, reason: 'OK' } as const;
  await edge.report({ ...sent, code: 200 });
  assert.equal((await laptop.next()).state, 'accepted');
  const page = { kind: 'message', message: 'x1', contentType: 'text/plain', content: 'Hello' } as const;
  const from = { uri: 'bob@example.net', display_name: 'Bob' };
  const written = { kind: 'page', edge: edge.edge, generation: edge.generation, to: command.from.aor } as const;
  const wishes = { wantsDelivery: true, wantsDisplay: false };
  await edge.report({ ...written, from, page: { ...page, ...wishes } });
  await edge.report({ ...written, from, page: { ...page, ...wishes } });
  await edge.report({ ...written, from: { uri: alice.address }, page: { ...page, ...wishes } });
  const event = await laptop.next();
  assert.deepEqual([event.event, event.message_id, event.content], ['message', 'x1', 'Hello']);
  assert.deepEqual(await laptop.rest(), []);
});

test('what a phone of an account writes is in its history and on its pages, and goes out if it is for elsewhere', async () => {
  const { alice, bob } = await people();
  const [laptop, other] = [await stage.signedIn(alice), await stage.signedIn(bob)];
  const edge = await stage.edge();
  const proven = aor(alice.address);
  const body = { kind: 'message', contentType: 'text/plain', wantsDelivery: true, wantsDisplay: false } as const;
  const written = (to: string, message: string) =>
    edge.report({
      ...{ kind: 'page', edge: edge.edge, generation: edge.generation, from: { uri: alice.address }, proven },
      ...{ to: aor(to), page: { ...body, message, content: message } },
    });
  assert.deepEqual(reportResult('page', await written(bob.address, 'p1')), { status: 'stored' });
  await written(bob.address, 'p1');
  assert.equal((await other.next()).content, 'p1');
  const sync = await laptop.next();
  assert.deepEqual([sync.event, sync.type, sync.action], ['sync', 'message', 'add']);
  assert.ok(isJsonObject(sync.content));
  const { uri, message_id, server_generated, transaction } = sync.content;
  assert.deepEqual([uri, message_id, server_generated, transaction], [bob.address, 'p1', true, '1']);
  assert.deepEqual([await laptop.rest(), await other.rest()], [[], []]);

  assert.deepEqual(reportResult('page', await written('dave@example.net', 'p2')), { status: 'away' });
  const command = await edge.receives('page');
  assert.deepEqual([command.from.aor, command.to, command.place], [alice.address, 'dave@example.net', undefined]);
  await edge.report({ kind: 'page-sent', aor: proven, to: command.to, message: 'p2', code: 486, reason: 'Busy' });
  assert.equal((await laptop.next()).type, 'message');
  assert.deepEqual(await laptop.next().then(({ state, code }) => [state, code]), ['failed', 486]);
  const kept = await history(laptop, alice);
  assert.deepEqual(
    kept.map(({ direction, contact, state }) => [direction, contact, state]),
    [
      ['outgoing', bob.address, 'accepted'],
      ['outgoing', 'dave@example.net', 'failed'],
    ],
  );
  assert.deepEqual(reportResult('page', await written('nobody@sylk.test', 'p3')), { status: 'unknown' });
  assert.equal((await history(laptop, alice)).length, 2);
});

test('a receipt that a phone of the reader gives settles the copy of the reader too', async () => {
  const { alice, bob } = await people();
  const [laptop, other] = [await stage.signedIn(alice), await stage.signedIn(bob)];
  const edge = await stage.edge();
  assert.equal(await laptop.asks(text(alice, bob.address, { message_id: 'm1' })), 'ack');
  const wanted = async () => (await history(other, bob)).map(({ disposition }) => disposition);
  await other.next();
  assert.deepEqual(await wanted(), [['positive-delivery', 'display']]);
  const proven = aor(bob.address);
  await edge.report({
    ...{ kind: 'page', edge: edge.edge, generation: edge.generation, from: { uri: bob.address }, proven },
    ...{ to: aor(alice.address), page: { kind: 'disposition', message: 'm1', state: 'displayed' } },
  });
  assert.deepEqual(await wanted(), [[]]);
});

test('a public key is found by anybody', async () => {
  const { alice } = await people();
  const laptop = await stage.signedIn(alice);
  const content_type = 'text/pgp-public-key';
  assert.equal(await laptop.asks(text(alice, alice.address, { content: 'the key', content_type })), 'ack');
  const stranger = await stage.client();
  assert.equal(await stranger.asks({ sylkrtc: 'lookup-public-key', uri: alice.address }), 'ack');
  assert.equal((await stranger.next()).public_key, 'the key');
  assert.deepEqual(await history(laptop, alice), []);
});
