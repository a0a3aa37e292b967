import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientWorld } from '../../../test/fakes/client-world.ts';
import type { ContactPolicy } from './contact-lists.ts';

type Fields = Readonly<Record<string, unknown>>;

async function signedIn() {
  const world = new ClientWorld();
  const { alice, connection } = await world.signIn();
  const heard: ContactPolicy[] = [];
  alice.on('contactPolicyChanged', (policy) => heard.push(policy));
  const tell = async (lists: Fields) => {
    const event = { sylkrtc: 'account-event', account: alice.id, event: 'contact-policy', blocked: [], allowed: [] };
    world.gateway.send(world.gateway.socket, { ...event, ...lists });
    await world.clock.advance(10);
  };
  return { world, alice, connection, heard, tell };
}

const [bob, carol, dan] = ['bob@example.org', 'carol@example.org', 'dan@example.org'];

test('both lists are told at sign-in in as many parts as there are, and heard once', async () => {
  const { alice, heard, tell } = await signedIn();
  assert.deepEqual(alice.contactPolicy, { blocked: [], allowed: [] });
  await tell({ blocked: [bob], reset: true, more: true });
  assert.deepEqual([heard, alice.contactPolicy.blocked], [[], []]);
  await tell({ blocked: [carol], allowed: [dan] });
  assert.deepEqual(heard, [{ blocked: [bob, carol], allowed: [dan] }]);
  await tell({ blocked: [dan], reset: true });
  assert.deepEqual(alice.contactPolicy, { blocked: [dan], allowed: [] });
});

test('whoever is in one list is in the other no more', async () => {
  const { alice, tell } = await signedIn();
  await tell({ blocked: [bob] });
  await tell({ blocked: [bob, carol] });
  await tell({ allowed: [bob] });
  assert.deepEqual(alice.contactPolicy, { blocked: [carol], allowed: [bob] });
});

test('what is decided without a connection is told to the gateway at the next one, in its order', async () => {
  const { world, alice } = await signedIn();
  world.gateway.socket.cut();
  const errors: (Error | null)[] = [];
  alice.block(bob, (error) => errors.push(error));
  alice.allow(bob, (error) => errors.push(error));
  assert.deepEqual(world.carriedOut('account-block'), []);
  await world.clock.advance(5_000);
  assert.deepEqual(
    world.gateway.carriedOut.filter(({ uri }) => uri === bob).map(({ sylkrtc, account }) => [sylkrtc, account]),
    [
      ['account-block', alice.id],
      ['account-allow', alice.id],
    ],
  );
  assert.deepEqual(errors, [null, null]);
});

test('what the gateway refuses is told to whoever has asked', async () => {
  const { world, alice } = await signedIn();
  world.gateway.refusals.set('account-block', 'At most 500 contacts can be blocked');
  const errors: (string | undefined)[] = [];
  alice.block(bob, (error) => errors.push(error?.message));
  await world.clock.advance(10);
  assert.deepEqual(errors, ['At most 500 contacts can be blocked']);
});

test('a server that does not know of lists says nothing, and messages do not wait for it', async () => {
  const { world, alice } = await signedIn();
  world.gateway.unanswered.add('account-block');
  alice.block(bob);
  alice.sendMessage(carol, 'Hello');
  await world.clock.advance(10);
  assert.equal(world.carriedOut('account-message').length, 1);
});
