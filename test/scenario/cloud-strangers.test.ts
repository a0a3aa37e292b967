import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '@sylk/protocol/json.ts';
import { WebRtcClient } from '../bench/load/webrtc-client.ts';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { Talker } from '../cloud/talker.ts';
import { ProbeClient } from '../probe/probe-client.ts';

/** What may be asked about a call; its end comes last. */
const requests: readonly JsonObject[] = [
  { sylkrtc: 'session-ack', seq: 1_000 },
  { sylkrtc: 'session-dtmf-info', digit: '5', duration: 100 },
  { sylkrtc: 'session-trickle', candidates: [] },
  { sylkrtc: 'session-answer' },
  { sylkrtc: 'session-ringing' },
  { sylkrtc: 'session-update' },
  { sylkrtc: 'session-terminate' },
];
const withSdp = ['session-answer', 'session-update'];

describe('a stranger who knows account and session of a call', () => {
  let cloud: Cloud;
  let alice: Talker;
  let mallory: Talker;
  let nobody: ProbeClient;
  let sdp: string;
  const media = new WebRtcClient();
  const whole = (request: JsonObject): JsonObject => ({
    ...request,
    session: alice.call.session,
    ...(withSdp.includes(String(request.sylkrtc)) && { sdp }),
  });
  const answerTo = (client: ProbeClient, request: JsonObject): Promise<string> =>
    client.ask(request).then(
      () => 'ack',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  before(async () => {
    cloud = await startCloud();
    alice = await Talker.inCall(cloud);
    await alice.client.reaches(alice.call, 'established');
    mallory = await Talker.signedIn(cloud);
    nobody = new ProbeClient(cloud.origin);
    sdp = await media.offer();
  });
  after(async () => {
    nobody?.close();
    await Promise.all([alice?.close(), mallory?.close(), media.close()]);
    await cloud?.stop();
  });

  for (const request of requests) {
    it(`is refused ${request.sylkrtc}, signed in or not`, async () => {
      for (const client of [mallory.client, nobody])
        assert.match(await answerTo(client, whole(request)), /was refused: Unknown session/);
    });
  }

  it('cannot resume it: with no secret, with a wrong one, for the account of another', async () => {
    const { session } = alice.call;
    const resume = { sylkrtc: 'session-resume', session, last_event: 0 };
    const secret = randomBytes(24).toString('base64url');
    for (const account of [alice.account.address, mallory.account.address])
      for (const client of [mallory.client, nobody])
        assert.match(await answerTo(client, { ...resume, account, secret }), /was refused: Unknown session/);
    // The secret itself is not enough without the account's password.
    const known = { ...resume, account: alice.account.address, secret: alice.call.secret };
    assert.match(await answerTo(mallory.client, known), /was refused: Unknown session/);
    const without = await answerTo(mallory.client, { ...resume, account: alice.account.address });
    assert.match(without, /was refused: .*secret/);
    const password = '0'.repeat(32);
    await mallory.client.ask({ sylkrtc: 'account-add', account: alice.account.address, password });
    assert.match(await answerTo(mallory.client, known), /was refused: Unknown session/);
  });

  it('cannot read the history of its owner by HTTP', async () => {
    const { address } = alice.account;
    for (const authorization of ['', `Apikey ${randomBytes(32).toString('base64url')}`]) {
      const url = `${cloud.origin}/webrtcgateway/messages/history/${address}`;
      const answer = await fetch(url, { headers: { authorization } });
      assert.deepEqual([answer.status, await answer.text()], [401, 'Unauthorized']);
    }
  });

  it('has heard nothing of it, while its owner lost nothing and hears on', async () => {
    assert.deepEqual(mallory.client.framesOf(alice.call.session), []);
    assert.deepEqual(nobody.framesOf(alice.call.session), []);
    assert.ok(await alice.hears());
    // All events are still kept for her: nobody has confirmed them in her name.
    const told = alice.client.framesOf(alice.call.session).length;
    const { session, secret } = alice.call;
    const account = alice.account.address;
    await alice.client.ask({ sylkrtc: 'session-resume', account, session, secret, last_event: 0 });
    const replayed = await alice.client.frameAfter(session, told);
    assert.equal(replayed.seq, 1);
  });

  it('asked in such words that its owner is answered otherwise', async () => {
    const answers: string[] = [];
    for (const request of requests) answers.push(await answerTo(alice.client, whole(request)));
    assert.deepEqual(
      answers.filter((answer) => /Unknown session|invalid/.test(answer)),
      [],
    );
    assert.equal(answers.at(-1), 'ack');
    await alice.client.reaches(alice.call, 'terminated');
  });
});
