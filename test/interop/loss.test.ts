import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Baresip } from '../peers/baresip.ts';
import { startChromium, type TestBrowser } from '../peers/browser.ts';
import { type Gateway, startGateway } from '../peers/gateway.ts';
import { PagePhone } from '../peers/page-phone.ts';

describe('a part of the gateway dies in mid-call', () => {
  let gateway: Gateway;
  let browser: TestBrowser;
  let alice: PagePhone;
  let bob: Baresip;
  before(async () => {
    gateway = await startGateway();
    browser = await startChromium();
    alice = await PagePhone.open(browser, gateway.origin, await gateway.mint());
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });
  // A phone that lost its gateway keeps the dead call, so each test has a fresh one.
  beforeEach(async () => {
    bob = await Baresip.start();
  });
  afterEach(() => bob.stop());

  async function inCall(): Promise<string> {
    const call = await alice.call(bob.uri);
    await alice.reaches(call, 'established');
    await alice.hears(call, 1000);
    return call;
  }

  it('the media worker: its calls end with a cause, the next one works', async () => {
    const call = await inCall();
    execFileSync('pkill', ['-KILL', '-P', String(gateway.edge.child.pid), '-f', 'mediasoup-worker']);
    const seen = await alice.reaches(call, 'terminated', 10_000);
    assert.match(seen.reason ?? '', /media/i);
    await bob.event('CALL_CLOSED');
    const next = await inCall();
    await alice.act(next, 'terminate');
    await bob.event('CALL_CLOSED', 10_000, 1);
  });

  it('the edge: its calls end with a cause within 10 s, and a new edge takes the next one', async () => {
    const call = await inCall();
    const restarted = gateway.restart('edge', 'SIGKILL');
    const seen = await alice.reaches(call, 'terminated', 12_000);
    assert.match(seen.reason ?? '', /^5\d\d /);
    await restarted;
    const next = await inCall();
    await alice.act(next, 'terminate');
    await alice.reaches(next, 'terminated');
  });

  it('signaling: the call goes on, and ends when the person hangs up', async () => {
    const call = await inCall();
    await gateway.restart('signaling', 'SIGKILL');
    await alice.event(call, 'resumed', 0, 20_000);
    await alice.hears(call, 1000);
    await alice.act(call, 'terminate');
    await bob.event('CALL_CLOSED');
    await alice.reaches(call, 'terminated');
  });
});
