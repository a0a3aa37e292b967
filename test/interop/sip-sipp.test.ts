/** SIPp as caller and as called, also with packets lost and over TCP; the media plane is one without media. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { normalEnd } from '../../media-edge/src/call/end-cause.ts';
import { peerNetworks } from '../../media-edge/src/network/peer-networks.ts';
import { defaultTimers } from '../../media-edge/src/sip/sip-timers.ts';
import { freePort } from '../peers/ports.ts';
import { Sipp } from '../peers/sipp.ts';
import { browserAnswer, pcma, SipWorld } from '../scenario/sip-world.ts';

let world: SipWorld;
const running: Sipp[] = [];
before(async () => {
  world = await SipWorld.open({ port: await freePort(), timers: defaultTimers });
});
after(() => world.close());
afterEach(async () => {
  await Promise.all(running.splice(0).map((sipp) => sipp.stop()));
});

async function sipp(...args: string[]): Promise<Sipp> {
  const started = await Sipp.start(args);
  running.push(started);
  return started;
}

describe('SIPp calls', () => {
  /** Every call is rung, answered, and left to the caller to end. */
  async function answerAll(count: number): Promise<void> {
    for (let call = 0; call < count; call++) {
      const { leg } = await world.takes(await world.invited(10_000));
      await leg.ring();
      await leg.accept(browserAnswer());
    }
  }

  const caller = async (...more: string[]) => {
    const gateway = `127.0.0.1:${world.gateway.port}`;
    return sipp('-sn', 'uac', gateway, '-s', 'alice', '-p', String(await freePort()), '-d', '50', ...more);
  };

  test('a hundred times, 30 a second: all are answered and ended', async () => {
    const alice = await caller('-r', '30', '-m', '100');
    await answerAll(100);
    await alice.succeeds();
  });

  test('over TCP', async () => {
    const alice = await caller('-t', 't1', '-r', '10', '-m', '20');
    await answerAll(20);
    await alice.succeeds();
  });

  test('while it loses every tenth packet', async () => {
    const alice = await caller('-lost', '10', '-r', '10', '-m', '20');
    await answerAll(20);
    await alice.succeeds(60_000);
  });
});

describe('SIPp is called', () => {
  test('twenty times, and each call is hung up by us', async () => {
    const port = await freePort();
    const bob = await sipp('-sn', 'uas', '-p', String(port), '-m', '20');
    for (let call = 0; call < 20; call++) {
      const alice = await world.call(`bob@127.0.0.1:${port}`);
      await alice.tells('answered', 10_000);
      await alice.leg.end(normalEnd('caller'));
    }
    await bob.succeeds();
  });

  test('announces before it answers, holds, and hangs up', async () => {
    const scenario = fileURLToPath(new URL('./sipp/early-media-and-hold.xml', import.meta.url));
    const port = await freePort();
    const bob = await sipp('-sf', scenario, '-p', String(port), '-m', '1');
    const alice = await world.call(`bob@127.0.0.1:${port}`);
    const early = await alice.tells('early');
    assert.equal(early.answer.lines[0]?.codecs[0]?.mimeType, pcma.mimeType);
    await alice.tells('held');
    assert.deepEqual((await alice.tells('ended')).cause, normalEnd('callee'));
    await bob.succeeds();
  });
});

test('a call over IPv6, in both directions', async () => {
  const [port, bobsPort, carolsPort] = [await freePort(), await freePort(), await freePort()];
  const six = await SipWorld.open({
    port,
    addresses: ['::1'],
    networks: peerNetworks(['::1/128']),
    timers: defaultTimers,
  });
  const bob = await sipp('-sn', 'uas', '-i', '::1', '-p', String(bobsPort), '-m', '1');
  const alice = await six.call(`bob@[::1]:${bobsPort}`);
  await alice.tells('answered', 10_000);
  await alice.leg.end(normalEnd('caller'));
  await bob.succeeds();
  const to = ['-sn', 'uac', `[::1]:${port}`, '-i', '::1', '-s', 'alice'];
  const carol = await sipp(...to, '-p', String(carolsPort), '-m', '1');
  const { leg } = await six.takes(await six.invited(10_000));
  await leg.accept(browserAnswer());
  await carol.succeeds();
  await six.close();
});
