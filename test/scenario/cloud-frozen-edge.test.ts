import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { edgeRecord } from '../cloud/edge-record.ts';
import { edgeOf, Talker } from '../cloud/talker.ts';

describe('two edges that both think they have a session', () => {
  let cloud: Cloud;
  let alice: Talker;
  before(async () => {
    cloud = await startCloud({ edges: 2 });
    alice = await Talker.inCall(cloud);
  });
  after(async () => {
    await alice?.close();
    await cloud?.stop();
  });

  it('the one that stood still past its lease ends it without a word, and the other goes on', async () => {
    const { session } = alice.call;
    const former = edgeOf(cloud, session);
    const { generation } = await edgeRecord(cloud, former.name, ({ status }) => status === 'alive');
    former.process.child.kill('SIGSTOP');
    const end = await alice.client.reaches(alice.call, 'terminated');
    assert.equal(end.reason, '503 Media server lost');
    // The same id once more. The media of the first call are gone, which its edge has to say when it wakes.
    await alice.callsEcho(session);
    const owner = edgeOf(cloud, session);
    assert.notEqual(owner, former);
    await alice.client.reaches(alice.call, 'established');
    const heard = alice.client.framesOf(session).length;
    former.process.child.kill('SIGCONT');
    await former.process.says(/signaling declared this edge lost/, 20_000);
    await edgeRecord(cloud, former.name, (now) => now.status === 'alive' && now.generation > generation);
    assert.ok(await alice.hears());
    assert.ok(await alice.hears());
    assert.equal(alice.client.framesOf(session).length, heard);
    // The owner's record has not been ended by the other: requests still reach it.
    await alice.client.ask({ sylkrtc: 'session-dtmf-info', session, digit: '5' });
    await alice.hangUp();
    const [last] = alice.client.framesOf(session).slice(-1);
    assert.equal(last?.reason, '200 OK');
  });
});
