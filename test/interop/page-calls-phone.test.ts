import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';

const codecs = [
  ['PCMU', 'PCMU/8000/1'],
  ['PCMA', 'PCMA/8000/1'],
  ['G722', 'G722/16000/1'],
  ['opus', 'opus/48000/2'],
] as const;

describe('a page calls a phone', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let alice: PagePhone;
  before(async () => {
    gateway = await startGateway();
    browser = await startChromium({ toneHz: 440 });
    alice = await PagePhone.open(browser, gateway.origin, await gateway.mint());
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  for (const [name, codec] of codecs) {
    it(`both hear each other in ${name}, and the page hangs up`, async () => {
      const bob = await Baresip.start({ codecs: codec });
      try {
        const call = await alice.call(bob.uri);
        await alice.reaches(call, 'established');
        await alice.hears(call, 1000);
        assert.match((await alice.media(call)).audioCodec ?? '', new RegExp(name, 'i'));
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        await alice.act(call, 'terminate');
        await bob.event('CALL_CLOSED');
        await alice.reaches(call, 'terminated');
        const heard = await bob.heardHz();
        assert.ok(heard !== undefined && Math.abs(heard - 440) <= 440 * 0.02, `the phone heard ${heard} Hz`);
      } finally {
        await bob.stop();
      }
    });
  }

  it('the phone rings, answers late, and hangs up first', async () => {
    const bob = await Baresip.start({ answers: 'manual' });
    try {
      const call = await alice.call(bob.uri);
      await bob.event('CALL_INCOMING');
      await alice.reaches(call, 'ringing');
      bob.command('accept');
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      bob.command('hangup');
      const seen = await alice.reaches(call, 'terminated');
      assert.match(seen.reason ?? '', /^200/);
    } finally {
      await bob.stop();
    }
  });

  it('the phone declines, and the page hears the code', async () => {
    const bob = await Baresip.start({ answers: 'manual' });
    try {
      const call = await alice.call(bob.uri);
      await bob.event('CALL_INCOMING');
      bob.command('hangup');
      const seen = await alice.reaches(call, 'terminated');
      assert.match(seen.reason ?? '', /^486 /);
    } finally {
      await bob.stop();
    }
  });

  it('the page cancels while the phone rings', async () => {
    const bob = await Baresip.start({ answers: 'manual' });
    try {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'ringing');
      await alice.act(call, 'terminate');
      const closed = await bob.event('CALL_CLOSED');
      assert.match(closed.param, /cancel|487|reset|terminated/i);
      await alice.reaches(call, 'terminated');
    } finally {
      await bob.stop();
    }
  });

  it('hold and resume from the page reach the phone, shown by its media', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri);
      await alice.hears(await alice.reaches(call, 'established').then((seen) => seen.id), 1000);
      await alice.act(call, 'hold');
      await bob.event('CALL_REMOTE_SDP', 10_000, 1);
      await silence(alice, call);
      await alice.act(call, 'unhold');
      await alice.hears(call, 1000);
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
    } finally {
      await bob.stop();
    }
  });

  it('hold and resume from the phone reach the page', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      bob.command('hold');
      await alice.event(call, 'hold');
      await silence(alice, call);
      bob.command('resume');
      await alice.event(call, 'hold', 1);
      await alice.hears(call, 1000);
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
    } finally {
      await bob.stop();
    }
  });

  it('digits go both ways', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri);
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      await alice.act(call, 'sendDtmf', '12#');
      for (const digit of ['1', '2', '#']) await bob.process.says(new RegExp(`received.*event: '${digit}'`, 'i'));
      await alice.act(call, 'sendDtmf', '5', 100, 70, 'rtp');
      await bob.process.says(/received.*event: '5'/i);
      bob.command('sndcode', '7');
      const heard = await alice.event(call, 'dtmf');
      assert.equal(String(Object(heard).digit), '7');
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
    } finally {
      await bob.stop();
    }
  });

  it('a phone without a picture is called with video, and the call goes on with sound', async () => {
    const bob = await Baresip.start();
    try {
      const call = await alice.call(bob.uri, { video: true });
      await alice.reaches(call, 'established');
      await alice.hears(call, 1000);
      assert.equal((await alice.media(call)).videoPackets, 0);
      await alice.act(call, 'terminate');
      await bob.event('CALL_CLOSED');
    } finally {
      await bob.stop();
    }
  });

  it('an address that nobody serves ends with a cause', async () => {
    const call = await alice.call(`nobody@${gateway.domain}`);
    assert.match((await alice.reaches(call, 'terminated')).reason ?? '', /^404 /);
  });

  it('echo answers and sends back what it hears, sound and picture', async () => {
    const call = await alice.call(`echo@${gateway.domain}`, { video: true });
    await alice.reaches(call, 'established');
    await alice.hears(call, 440);
    const before = (await alice.media(call)).videoFrames;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.ok((await alice.media(call)).videoFrames > before + 10);
    await alice.act(call, 'terminate');
    await alice.reaches(call, 'terminated');
  });
});

async function silence(phone: PagePhone, call: string): Promise<void> {
  const before = (await phone.media(call)).audioPackets;
  await new Promise((resolve) => setTimeout(resolve, 700));
  const settled = (await phone.media(call)).audioPackets;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const later = (await phone.media(call)).audioPackets;
  assert.ok(later - settled <= 2, `packets went on while held: ${before}, ${settled}, ${later}`);
}
