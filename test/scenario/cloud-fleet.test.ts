import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebRtcClient } from '../bench/load/webrtc-client.ts';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import type { CloudEdge } from '../cloud/edge.ts';
import { type ProbeCall, ProbeClient } from '../probe/probe-client.ts';

const echo = 'echo@example.org';

/** Somebody in a call with echo@, with sound both ways. */
class Talker {
  readonly client: ProbeClient;
  readonly media = new WebRtcClient();
  call: ProbeCall = { session: '', secret: '' };

  constructor(cloud: Cloud) {
    this.client = new ProbeClient(cloud.origin);
  }

  static async inCall(cloud: Cloud): Promise<Talker> {
    const talker = new Talker(cloud);
    await talker.client.signIn(await cloud.mint());
    talker.call = await talker.client.call(echo, await talker.media.offer());
    await talker.media.accept(String((await talker.client.reaches(talker.call, 'accepted')).sdp));
    await talker.media.firstPacket;
    return talker;
  }

  /** Packets that come back in a second. */
  async hears(): Promise<number> {
    const before = this.media.received;
    await sleep(1_000);
    return this.media.received - before;
  }

  async hangUp(): Promise<void> {
    await this.client.ask({ sylkrtc: 'session-terminate', session: this.call.session });
    await this.client.reaches(this.call, 'terminated');
  }

  async close(): Promise<void> {
    this.client.close();
    await this.media.close();
  }
}

describe('a cloud with two edges', () => {
  let cloud: Cloud;
  const talkers: Talker[] = [];
  const talk = async (): Promise<Talker> => {
    const talker = await Talker.inCall(cloud);
    talkers.push(talker);
    return talker;
  };
  /** The edge that has the last call begun. */
  const edgeOf = ({ call }: Talker): CloudEdge => {
    const line = cloud.log.find((text) => text.includes(call.session) && text.includes('a session was claimed')) ?? '';
    const name = /"edgeId":"([^"]+)"/.exec(line)?.[1] ?? 'none';
    const edge = cloud.edges.find(({ process }) => process.output.includes(`"edge":"${name}"`));
    assert.ok(edge, `no edge ${name}`);
    return edge;
  };

  before(async () => {
    cloud = await startCloud({ edges: 2 });
  });
  afterEach(async () => {
    await Promise.all(talkers.splice(0).map((talker) => talker.close()));
  });
  after(() => cloud?.stop());

  it('a deployment that cuts all sockets at once ends no call', async () => {
    const alice = await talk();
    const { resumes } = alice.client;
    cloud.redeploy();
    assert.ok((await alice.hears()) > 25);
    await alice.client.resumed(resumes + 1);
    await alice.hangUp();
  });

  it('a stranger who knows account and session can neither resume nor end the call', async () => {
    const alice = await talk();
    const stranger = new Talker(cloud);
    talkers.push(stranger);
    const own = await cloud.mint();
    await stranger.client.signIn(own);
    const { session } = alice.call;
    const guesses = [
      { sylkrtc: 'session-resume', account: own.address, session, secret: randomUUID(), last_event: 0 },
      { sylkrtc: 'session-terminate', session },
      { sylkrtc: 'session-update', session, sdp: 'v=0\r\n' },
    ];
    for (const guess of guesses) await assert.rejects(stranger.client.ask(guess), /Unknown session|refused/);
    assert.deepEqual(stranger.client.eventsOf(session), []);
    assert.ok((await alice.hears()) > 25);
    await alice.hangUp();
  });

  it('an edge that drains keeps its calls, and new ones go to the other', async () => {
    const alice = await talk();
    const leaving = edgeOf(alice);
    leaving.process.child.kill('SIGTERM');
    // It is told with the next renewal of the lease.
    await sleep(4_000);
    assert.ok(leaving.process.isRunning);
    const bob = await talk();
    assert.notEqual(edgeOf(bob), leaving);
    assert.ok((await alice.hears()) > 25);
    await Promise.all([alice.hangUp(), bob.hangUp()]);
    cloud.edges.splice(cloud.edges.indexOf(leaving), 1);
    await leaving.stop();
    await cloud.addEdge();
  });

  it('calls of an edge that is killed end with a cause, and the next ones go to the other', async () => {
    const alice = await talk();
    const killed = edgeOf(alice);
    const at = Date.now();
    await killed.process.stop('SIGKILL');
    const end = await alice.client.reaches(alice.call, 'terminated');
    assert.ok(Date.now() - at < 15_000, `${Date.now() - at} ms`);
    assert.match(String(end.reason), /^\d{3} /);
    const again = await talk();
    assert.notEqual(edgeOf(again), killed);
    await again.hangUp();
  });
});

it('a call lives through three lives of its socket', async () => {
  const cloud = await startCloud({ sockets: { lifeMs: 3_000 } });
  after(() => cloud.stop());
  const alice = await Talker.inCall(cloud);
  after(() => alice.close());
  const sockets = alice.client.sockets;
  while (alice.client.sockets < sockets + 3) assert.ok((await alice.hears()) > 25, cloud.about());
  await alice.client.resumed(2);
  await alice.hangUp();
  const numbers = alice.client.eventsOf(alice.call.session).map(({ seq }) => seq);
  assert.deepEqual(
    numbers,
    [...numbers.keys()].map((index) => index + 1),
  );
});
