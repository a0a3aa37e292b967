import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { reportResult } from '@sylk/protocol/edge/codec.ts';
import { aor, sessionId } from '@sylk/protocol/ids.ts';
import { isJsonObject, type JsonObject } from '@sylk/protocol/json.ts';
import type { FakeEdge } from '../fakes/fake-edge.ts';
import type { RawClient } from '../fakes/raw-client.ts';
import { type Address, SignalingStage } from './signaling-stage.ts';

let stage: SignalingStage;
let edge: FakeEdge;
before(async () => {
  stage = await SignalingStage.open({ SYLK_ADDRESSES_PER_HOUR: '1000' });
  edge = await stage.edge();
});
after(() => stage.close());

const timestamp = '2026-01-31T12:00:00.000Z';

const block = ({ address }: Address, uri: string) => ({ sylkrtc: 'account-block', account: address, uri });
const allow = ({ address }: Address, uri: string) => ({ sylkrtc: 'account-allow', account: address, uri });
const text = ({ address }: Address, uri: string, message_id: string, more: object = {}) => ({
  ...{ sylkrtc: 'account-message', account: address, uri, message_id, timestamp },
  ...{ content: 'Good morning', content_type: 'text/plain' },
  ...more,
});
const receipt = ({ address }: Address, uri: string, message_id: string) => ({
  ...{ sylkrtc: 'account-disposition-notification', account: address, uri, message_id, timestamp },
  state: 'displayed',
});

/** Decides about somebody, and takes what the own device hears of it. */
const decides = async (client: RawClient, request: object): Promise<void> => {
  assert.equal(await client.asks(request), 'ack');
  assert.equal((await client.next()).event, 'contact-policy');
};

/** The first page of an account's history, which holds all of these tests. */
const history = async (client: RawClient, { address }: Address): Promise<readonly JsonObject[]> => {
  assert.equal(await client.asks({ sylkrtc: 'account-sync-conversations', account: address }), 'ack');
  const { messages } = await client.next();
  return Array.isArray(messages) ? messages.filter(isJsonObject) : [];
};

const policyOf = ({ event, blocked, allowed, reset }: JsonObject) => [event, blocked, allowed, reset];

const ring = async (to: Address, uri: string) => {
  const call = {
    kind: 'ring',
    edge: edge.edge,
    generation: edge.generation,
    session: sessionId(randomUUID()),
  } as const;
  const answer = await edge.report({ ...call, aor: aor(to.address), originator: { uri } });
  return reportResult('ring', answer);
};

/** Frames as if all had been about the same person. */
const about = ({ address }: Address, frames: readonly unknown[]): unknown =>
  JSON.parse(JSON.stringify(frames).replaceAll(address, 'somebody@sylk.test'));

test('who is blocked and who is allowed is told to all devices, and to each that signs in later', async () => {
  const bob = await stage.mint();
  const [laptop, phone] = [await stage.signedIn(bob), await stage.signedIn(bob)];
  await decides(laptop, block(bob, 'sip:Mallory@Example.NET;transport=tcp'));
  await decides(laptop, allow(bob, 'carol@example.net'));
  const [mallory, carol] = ['mallory@example.net', 'carol@example.net'];
  assert.deepEqual(policyOf(await phone.next()), ['contact-policy', [mallory], [], undefined]);
  assert.deepEqual(policyOf(await phone.next()), ['contact-policy', [], [carol], undefined]);
  assert.deepEqual(await laptop.rest(), []);
  const tablet = await stage.signedIn(bob);
  assert.deepEqual(policyOf(await tablet.next()), ['contact-policy', [mallory], [carol], true]);
  await decides(phone, allow(bob, mallory));
  assert.deepEqual(policyOf(await tablet.next()), ['contact-policy', [], [mallory], undefined]);
  await laptop.next();
  assert.deepEqual([await tablet.rest(), await laptop.rest()], [[], []]);
  const again = await stage.signedIn(bob);
  assert.deepEqual(policyOf(await again.next()), ['contact-policy', [], [carol, mallory], true]);
});

test('only who has shown the password may block, and nobody blocks itself', async () => {
  const bob = await stage.mint();
  const liar = await stage.client();
  await liar.asks({ sylkrtc: 'account-add', account: bob.address, password: 'wrong' });
  for (const request of [block(bob, 'carol@example.net'), allow(bob, 'carol@example.net')])
    assert.equal(await liar.asks(request), 'Account not authenticated');
  const laptop = await stage.signedIn(bob);
  assert.match(await laptop.asks(block(bob, bob.address.toUpperCase())), /neither block nor allow itself/);
  assert.match(await laptop.asks(block(bob, 'no address')), /^invalid SIP URI/);
  assert.deepEqual(await laptop.rest(), []);
});

const isTyping =
  '<?xml version="1.0"?><isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state></isComposing>';

/** All that Alice's devices hear of what she does to somebody who does not answer. */
const writtenTo = async (alice: Address, to: Address): Promise<unknown> => {
  const [laptop, phone] = [await stage.signedIn(alice), await stage.signedIn(alice)];
  const heard: unknown[] = [];
  const composing = { content_type: 'application/im-iscomposing+xml', content: isTyping };
  const requests = [
    text(alice, to.address, 'm-1'),
    text(alice, to.address, 'm-1'),
    text(alice, to.address, 'm-2', composing),
    text(alice, to.address, 'm-3', { content_type: 'text/pgp-public-key' }),
    receipt(alice, to.address, 'm-4'),
    { sylkrtc: 'account-remove-message', account: alice.address, contact: to.address, message_id: 'm-1' },
  ];
  for (const request of requests) heard.push(await laptop.asks(request), await laptop.rest());
  heard.push(await phone.rest(), await history(laptop, alice));
  laptop.lose();
  phone.lose();
  return about(to, [about(alice, heard)]);
};

/** Ids of notes are made at random, and times pass. */
const withoutChance = (heard: unknown): unknown =>
  JSON.parse(
    JSON.stringify(heard)
      .replaceAll(/"message_id":"\d+\.[\w-]+"/g, '"message_id":"a note"')
      .replaceAll(/"timestamp":"(?!2026-01-31)[^"]+"/g, '"timestamp":"now"')
      .replaceAll(/"transaction":"t\d+"/g, '"transaction":"t"'),
  );

test('what a blocked one writes is neither stored nor told, and looks to it as if nobody were signed in', async () => {
  const [bob, absent] = [await stage.mint(), await stage.mint()];
  const [first, second] = [await stage.mint(), await stage.mint()];
  const [laptop, phone] = [await stage.signedIn(bob), await stage.signedIn(bob)];
  await decides(laptop, block(bob, first.address));
  await phone.next();
  const ofBlocked = withoutChance(await writtenTo(first, bob));
  const ofAbsent = withoutChance(about(second, [await writtenTo(second, absent)]));
  assert.deepEqual(about(first, [ofBlocked]), ofAbsent);
  assert.deepEqual([await laptop.rest(), await phone.rest(), await history(laptop, bob)], [[], [], []]);
  assert.match(JSON.stringify(ofBlocked), /"code":202/);

  const alice = await stage.signedIn(first);
  await decides(laptop, allow(bob, first.address));
  await phone.next();
  assert.equal(await alice.asks(text(first, bob.address, 'm-9')), 'ack');
  assert.equal((await alice.next()).code, 200);
  assert.deepEqual([(await laptop.next()).message_id, (await phone.next()).message_id], ['m-9', 'm-9']);
  assert.equal((await history(laptop, bob)).length, 1);
});

test('the same by SIP: a text, the text again, keys, a receipt and typing are answered as if nobody were signed in', async () => {
  const [bob, absent] = [await stage.mint(), await stage.mint()];
  const laptop = await stage.signedIn(bob);
  await decides(laptop, block(bob, 'mallory@example.net'));
  const wishes = { wantsDelivery: true, wantsDisplay: true };
  const page = { kind: 'message', message: 'x1', contentType: 'text/plain', content: 'Hello', ...wishes } as const;
  const pages = [
    page,
    page,
    { ...page, message: 'x2', contentType: 'text/pgp-private-key' },
    { kind: 'disposition', message: 'x3', state: 'displayed' },
    { kind: 'composing', state: 'active', contentType: 'text/plain', refreshSec: 60 },
  ] as const;
  const answersOf = async ({ address }: Address) => {
    const written = { kind: 'page', edge: edge.edge, generation: edge.generation, to: aor(address) } as const;
    const answers: unknown[] = [];
    for (const one of pages)
      answers.push(await edge.report({ ...written, from: { uri: 'Mallory@EXAMPLE.net' }, page: one }));
    return answers;
  };
  assert.deepEqual(await answersOf(bob), await answersOf(absent));
  assert.deepEqual([await laptop.rest(), await history(laptop, bob)], [[], []]);
});

test('a receipt of a blocked one, for what was written before, changes nothing and is told to nobody', async () => {
  const [alice, bob] = [await stage.mint(), await stage.mint()];
  const [laptop, other] = [await stage.signedIn(alice), await stage.signedIn(bob)];
  assert.equal(await laptop.asks(text(alice, bob.address, 'm-1')), 'ack');
  await laptop.next();
  await other.next();
  await decides(laptop, block(alice, bob.address));
  assert.equal(await other.asks(receipt(bob, alice.address, 'm-1')), 'ack');
  assert.deepEqual([await laptop.rest(), await other.rest()], [[], []]);
  assert.deepEqual(
    (await history(laptop, alice)).map(({ state }) => state),
    ['accepted'],
  );
});

test('a blocked caller finds nobody there, whoever is; no call is missed; once allowed it rings', async () => {
  const [alice, bob, absent] = [await stage.mint(), await stage.mint(), await stage.mint()];
  const laptop = await stage.signedIn(bob);
  const callers = [alice.address, `sips:${alice.address.replace('sylk.test', 'SYLK.test')}`, 'mallory@example.net'];
  await decides(laptop, block(bob, alice.address));
  await decides(laptop, block(bob, 'Mallory@Example.Net'));
  for (const caller of callers) {
    assert.deepEqual(await ring(bob, caller), await ring(absent, caller));
    await edge.report({ kind: 'missed', aor: aor(bob.address), originator: { uri: caller }, at: Date.now() });
  }
  assert.equal((await ring(bob, 'carol@example.net')).status, 'ringing');
  assert.deepEqual(await laptop.rest(), []);
  const later = await stage.signedIn(bob, { device: 'tablet-01' });
  assert.equal((await later.next()).event, 'contact-policy');
  assert.deepEqual(await later.rest(), []);
  await decides(laptop, allow(bob, alice.address));
  assert.equal((await ring(bob, alice.address)).status, 'ringing');
});
