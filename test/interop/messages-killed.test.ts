import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startGateway } from '../peers/gateway.ts';
import { MessageLoad } from '../peers/message-load.ts';
import { checkHistories } from './message-histories.ts';

const perSecond = 200;
const total = 2_400;
const beforeKill = 1_000;

it('signaling is killed at 200 texts a second: each that was acknowledged is there once, in one order everywhere', async (test) => {
  const gateway = await startGateway({ SYLK_LOG_LEVEL: 'error' });
  const { origin } = gateway;
  const accounts = await Promise.all(Array.from({ length: 8 }, () => gateway.mint()));
  const load = new MessageLoad({ origin, accounts, perSecond, total });
  try {
    await load.signIn();
    const beganAt = performance.now();
    const course = load.run();
    await load.until(beforeKill);
    const rate = (1_000 * load.acknowledged) / (performance.now() - beganAt);
    const sent = load.sent;
    await gateway.restart('signaling', 'SIGKILL');
    await course;
    await load.until(total);
    test.diagnostic(
      `${rate.toFixed(0)} acknowledged a second before the kill; ${sent} sent before it, ` +
        `${load.sent - sent} after it; ${load.repeated} repeated`,
    );
    assert.ok(sent >= beforeKill);
    assert.equal(load.sent, total);
    assert.ok(load.writers.every(({ arrivals }) => arrivals === 2));
    await checkHistories(load);
  } finally {
    await load.close();
    await gateway.stop();
  }
});
