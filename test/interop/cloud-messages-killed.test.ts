import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startCloud } from '../cloud/cloud.ts';
import { MessageLoad } from '../peers/message-load.ts';
import { checkHistories } from './message-histories.ts';

const perSecond = 50;
const total = 200;
const beforeKill = 50;
/** All parts of the cloud share this machine, which starts their processes first, and then works behind the writers. */
const patienceMs = 15_000;
const longestMs = 120_000;

/**
 * Killed are all processes of all functions at one instant, most of them amid an event. Nothing is harder: no step of
 * the work is finished by anybody, the sockets stay open, so that clients learn nothing and have to notice by
 * themselves, and events that had come twice or late meet what was left half done.
 */
it('all functions are killed at 50 texts a second in a hostile cloud: each that was acknowledged is there once', async (test) => {
  const cloud = await startCloud({
    modes: ['hostile'],
    secondsScale: 0.2,
    settings: { SYLK_ADDRESSES_PER_HOUR: '1000', SYLK_CONNECTIONS_PER_ADDRESS: '100000' },
  });
  const accounts = await Promise.all(Array.from({ length: 4 }, () => cloud.mint()));
  const load = new MessageLoad({ origin: cloud.origin, accounts, perSecond, total, patienceMs });
  try {
    await load.signIn();
    const beganAt = performance.now();
    const course = load.run();
    await load.until(beforeKill, longestMs);
    const rate = (1_000 * load.acknowledged) / (performance.now() - beganAt);
    const sent = load.sent;
    const killed = cloud.functions.kill();
    await course;
    await load.until(total, longestMs);
    test.diagnostic(
      `${rate.toFixed(0)} acknowledged a second before the kill, which hit ${killed} processes at work; ` +
        `${sent} sent before it, ${load.sent - sent} after it; ${load.repeated} repeated`,
    );
    assert.ok(killed > 0);
    assert.ok(sent >= beforeKill);
    assert.equal(load.sent, total);
    await checkHistories(load);
  } catch (cause) {
    throw new Error(cloud.about(), { cause });
  } finally {
    await load.close();
    await cloud.stop();
  }
});
