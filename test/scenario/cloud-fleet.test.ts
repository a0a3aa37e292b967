import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebRtcClient } from '../bench/load/webrtc-client.ts';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { edgeRecord } from '../cloud/edge-record.ts';
import { edgeOf, Talker } from '../cloud/talker.ts';

/** A function may go by what it read about edges for so long, in ms. */
const newsMs = 3_000;

describe('a fleet in the cloud', () => {
  let cloud: Cloud;
  const talkers: Talker[] = [];
  const keep = async (coming: Promise<Talker>): Promise<Talker> => {
    const talker = await coming;
    talkers.push(talker);
    return talker;
  };
  const talk = () => keep(Talker.inCall(cloud));
  const allHear = async (all: readonly Talker[]) =>
    assert.ok((await Promise.all(all.map((one) => one.hears()))).every((hears) => hears));

  before(async () => {
    cloud = await startCloud({ edges: 1 });
  });
  afterEach(async () => {
    await Promise.all(talkers.splice(0).map((talker) => talker.close()));
  });
  after(() => cloud?.stop());

  it('a deployment that cuts all sockets at once ends no call', async () => {
    const alice = await talk();
    const { resumes } = alice.client;
    cloud.redeploy();
    assert.ok(await alice.hears());
    await alice.client.resumed(resumes + 1);
    await alice.hangUp();
  });

  it('an edge that drains keeps its five calls, all that is new goes to the other, and it ends after the last', async () => {
    const five: Talker[] = [];
    for (let count = 0; count < 5; count++) five.push(await talk());
    const leaving = cloud.edges[0];
    assert.ok(leaving);
    const other = await cloud.addEdge();
    const waiting = await keep(Talker.signedIn(cloud));
    leaving.process.child.kill('SIGTERM');
    await edgeRecord(cloud, leaving.name, ({ isDraining }) => isDraining);
    await sleep(newsMs);
    const bob = await talk();
    assert.equal(edgeOf(cloud, bob.call.session), other);
    // Who signed in while it was there is reached through the other.
    const carol = await keep(Talker.signedIn(cloud));
    await carol.rings(waiting);
    assert.equal(edgeOf(cloud, carol.call.session), other);
    await carol.hangUp();
    await allHear([...five, bob]);
    assert.ok(leaving.process.isRunning);
    for (const one of five)
      assert.deepEqual(
        one.client
          .framesOf(one.call.session)
          .map(({ state }) => state)
          .includes('terminated'),
        false,
      );
    const ended = once(leaving.process.child, 'exit');
    await Promise.all([...five, bob].map((one) => one.hangUp()));
    const [code] = await ended;
    assert.equal(code, 0);
    cloud.edges.splice(cloud.edges.indexOf(leaving), 1);
  });

  it('an edge is killed: its calls end with a cause in time, its people stay signed in, and are called through the other', async () => {
    await cloud.addEdge();
    const alice = await talk();
    const { sockets } = alice.client;
    const killed = edgeOf(cloud, alice.call.session);
    const at = Date.now();
    await killed.process.stop('SIGKILL');
    const end = await alice.client.reaches(alice.call, 'terminated');
    assert.ok(Date.now() - at < 15_000, `${Date.now() - at} ms`);
    assert.match(String(end.reason), /^503 Media server lost/);
    const bob = await keep(Talker.signedIn(cloud));
    const session = await bob.rings(alice);
    assert.notEqual(edgeOf(cloud, bob.call.session), killed);
    const { sdp } = await alice.client.seen(({ event }) => event === 'incoming-session');
    const media = new WebRtcClient();
    await alice.client.answer(session, await media.answer(String(sdp)));
    await bob.media.accept(String((await bob.client.reaches(bob.call, 'accepted')).sdp));
    await bob.client.reaches(bob.call, 'established');
    assert.equal(alice.client.sockets, sockets);
    await bob.hangUp();
    await media.close();
  });
});

it('a call lives through three lives of its socket', async () => {
  const cloud = await startCloud({ sockets: { lifeMs: 3_000 } });
  after(() => cloud.stop());
  const alice = await Talker.inCall(cloud);
  after(() => alice.close());
  const { sockets } = alice.client;
  while (alice.client.sockets < sockets + 3) assert.ok(await alice.hears(), cloud.about());
  await alice.client.resumed(2);
  await alice.hangUp();
  const numbers = alice.client.eventsOf(alice.call.session).map(({ seq }) => seq);
  assert.deepEqual(
    numbers,
    [...numbers.keys()].map((index) => index + 1),
  );
});
