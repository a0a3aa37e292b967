import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import type { CloudEdge } from '../cloud/edge.ts';
import { edgeOf } from '../cloud/talker.ts';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { PagePhone } from '../peers/page-phone.ts';

/** Of everything that goes wrong by chance something takes long. */
const patienceMs = 20_000;

describe('pages and phones call each other through a cloud where much goes wrong', () => {
  let cloud: Cloud;
  let low: TestBrowser;
  let high: TestBrowser;
  let alice: PagePhone;
  let bob: PagePhone;
  const phones: Baresip[] = [];

  before(async () => {
    cloud = await startCloud({ modes: ['hostile'], edges: 2, secondsScale: 0.2 });
    [low, high] = await Promise.all([startChromium({ toneHz: 440 }), startChromium({ toneHz: 880 })]);
    alice = await PagePhone.open(low, cloud.origin, await cloud.mint());
    bob = await PagePhone.open(high, cloud.origin, await cloud.mint());
  });
  afterEach(async (test) => {
    await Promise.all(phones.splice(0).map((phone) => phone.stop()));
    // What went wrong by chance is told with a failure, so that it can be made to go wrong again.
    if ('error' in test && test.error) process.stderr.write(`${cloud.about()}\n`);
  });
  after(async () => {
    await Promise.all([low?.close(), high?.close()]);
    await cloud?.stop();
  });

  const phone = async (options: Parameters<typeof Baresip.start>[0] = {}): Promise<Baresip> => {
    const started = await Baresip.start(options);
    phones.push(started);
    return started;
  };
  /** A phone whose calls go to this edge. */
  const phoneAt = ({ sipPort }: CloudEdge): Promise<Baresip> =>
    phone({ user: 'carol', account: `outbound="sip:127.0.0.1:${sipPort}"` });
  const hasHeard = async (carol: Baresip, wanted: number): Promise<void> => {
    const heard = await carol.heardHz();
    assert.ok(heard !== undefined && Math.abs(heard - wanted) <= wanted * 0.02, `the phone heard ${heard} Hz`);
  };
  /** Long enough in a recording to be found there. */
  const talk = () => new Promise((resolve) => setTimeout(resolve, 2_000));

  it('a page calls a page: audio and video both ways, hold is told, and the called page hangs up', async () => {
    const atAlice = await alice.call(bob.address, { video: true });
    const atBob = await bob.incoming(patienceMs);
    await bob.answer(atBob, { video: true });
    await Promise.all([
      alice.reaches(atAlice, 'established', patienceMs),
      bob.reaches(atBob, 'established', patienceMs),
    ]);
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await alice.act(atAlice, 'hold');
    assert.deepEqual(Object(await bob.event(atBob, 'hold')).held, true);
    await alice.act(atAlice, 'unhold');
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await bob.act(atBob, 'terminate');
    assert.match((await alice.reaches(atAlice, 'terminated', patienceMs)).reason ?? '', /^200/);
  });

  it('a page answers while every socket is cut: the call comes up with the media that it has begun', async () => {
    const atAlice = await alice.call(bob.address);
    const atBob = await bob.incoming(patienceMs);
    cloud.browserApi.cutAll();
    await bob.answer(atBob);
    await Promise.all([
      alice.reaches(atAlice, 'established', patienceMs),
      bob.reaches(atBob, 'established', patienceMs),
    ]);
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await bob.act(atBob, 'terminate');
    await alice.reaches(atAlice, 'terminated', patienceMs);
  });

  it('a page calls a phone: both hear each other, and the page hangs up', async () => {
    const carol = await phone();
    const call = await alice.call(carol.uri);
    await alice.reaches(call, 'established', patienceMs);
    await alice.hears(call, 1000);
    await talk();
    await alice.act(call, 'terminate');
    await carol.event('CALL_CLOSED', patienceMs);
    await alice.reaches(call, 'terminated', patienceMs);
    await hasHeard(carol, 440);
  });

  it('a page calls a phone that declines, and hears the code', async () => {
    const carol = await phone({ answers: 'manual' });
    const call = await alice.call(carol.uri);
    await carol.event('CALL_INCOMING', patienceMs);
    carol.command('hangup');
    assert.match((await alice.reaches(call, 'terminated', patienceMs)).reason ?? '', /^486 /);
  });

  it('a phone calls a page at either edge: both hear each other, and the phone hangs up', async () => {
    for (const edge of cloud.edges) {
      const carol = await phoneAt(edge);
      carol.dial(bob.address);
      const call = await bob.incoming(patienceMs);
      await carol.event('CALL_RINGING', patienceMs);
      await bob.answer(call);
      await bob.reaches(call, 'established', patienceMs);
      await bob.hears(call, 1000);
      await talk();
      carol.command('hangup');
      assert.match((await bob.reaches(call, 'terminated', patienceMs)).reason ?? '', /^200/);
      await hasHeard(carol, 880);
    }
  });

  it('a phone calls a page that declines, and hears the code', async () => {
    const [edge] = cloud.edges;
    assert.ok(edge);
    const carol = await phoneAt(edge);
    carol.dial(bob.address);
    const call = await bob.incoming(patienceMs);
    await bob.act(call, 'terminate', { code: 603 });
    assert.match((await carol.event('CALL_CLOSED', patienceMs)).param, /^603/);
    await bob.reaches(call, 'terminated', patienceMs);
  });

  it('a deployment that cuts every socket in mid-call ends no call', async () => {
    const call = await alice.call('echo@example.org', {});
    await alice.reaches(call, 'established', patienceMs);
    await alice.hears(call, 440);
    cloud.redeploy();
    await alice.event(call, 'resumed', 0, patienceMs);
    await alice.hears(call, 440);
    assert.equal((await alice.see(call)).state, 'established');
    await alice.act(call, 'terminate');
    await alice.reaches(call, 'terminated', patienceMs);
  });

  it('an edge is killed: its call ends with a cause, and without a reload a phone reaches the page at the other', async () => {
    const call = await alice.call('echo@example.org', {});
    await alice.reaches(call, 'established', patienceMs);
    const killed = edgeOf(cloud, call);
    await alice.page.evaluate(() => Object.assign(window, { isStillHere: true }));
    await killed.process.stop('SIGKILL');
    cloud.edges.splice(cloud.edges.indexOf(killed), 1);
    assert.equal((await alice.reaches(call, 'terminated', patienceMs)).reason, '503 Media server lost');
    const [left] = cloud.edges;
    assert.ok(left);
    const carol = await phoneAt(left);
    carol.dial(alice.address);
    const incoming = await alice.incoming(patienceMs);
    await alice.answer(incoming);
    await alice.reaches(incoming, 'established', patienceMs);
    await alice.hears(incoming, 1000);
    await talk();
    await alice.act(incoming, 'terminate');
    await carol.event('CALL_CLOSED', patienceMs);
    await hasHeard(carol, 440);
    assert.equal(await alice.page.evaluate(() => 'isStillHere' in window), true);
  });
});
