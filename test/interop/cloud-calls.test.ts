import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Cloud, startCloud } from '../cloud/cloud.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { PagePhone } from '../peers/page-phone.ts';

/** What went wrong by chance is told with a failure, so that it can be made to go wrong again. */
const telling = (cloud: () => Cloud) =>
  afterEach((test) => {
    if ('error' in test && test.error) process.stderr.write(`${cloud().about()}\n`);
  });

describe('pages call each other through a cloud where much goes wrong', () => {
  let cloud: Cloud;
  let low: TestBrowser;
  let high: TestBrowser;
  let alice: PagePhone;
  let bob: PagePhone;
  before(async () => {
    cloud = await startCloud({ modes: ['hostile'], edges: 2, secondsScale: 0.2 });
    [low, high] = await Promise.all([startChromium({ toneHz: 440 }), startChromium({ toneHz: 880 })]);
    alice = await PagePhone.open(low, cloud.origin, await cloud.mint());
    bob = await PagePhone.open(high, cloud.origin, await cloud.mint());
  });
  after(async () => {
    await Promise.all([low?.close(), high?.close()]);
    await cloud?.stop();
  });
  telling(() => cloud);

  it('audio and video go both ways, hold is told, and the called page hangs up', async () => {
    const atAlice = await alice.call(bob.address, { video: true });
    const atBob = await bob.incoming(20_000);
    await bob.answer(atBob, { video: true });
    await Promise.all([alice.reaches(atAlice, 'established', 20_000), bob.reaches(atBob, 'established', 20_000)]);
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await alice.act(atAlice, 'hold');
    assert.deepEqual(Object(await bob.event(atBob, 'hold')).held, true);
    await alice.act(atAlice, 'unhold');
    await Promise.all([alice.hears(atAlice, 880), bob.hears(atBob, 440)]);
    await bob.act(atBob, 'terminate');
    assert.match((await alice.reaches(atAlice, 'terminated', 20_000)).reason ?? '', /^200/);
  });

  it('a deployment that cuts every socket in mid-call ends no call', async () => {
    const atAlice = await alice.call('echo@example.org', {});
    await alice.reaches(atAlice, 'established', 20_000);
    await alice.hears(atAlice, 440);
    cloud.redeploy();
    await alice.event(atAlice, 'resumed', 0, 20_000);
    await alice.hears(atAlice, 440);
    assert.equal((await alice.see(atAlice)).state, 'established');
    await alice.act(atAlice, 'terminate');
    await alice.reaches(atAlice, 'terminated', 20_000);
  });
});
