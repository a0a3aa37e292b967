import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCounts } from '../sip/sip-counts.ts';
import { EdgeMetrics } from './metrics.ts';

test('what the SIP port has dropped, refused and banned is shown by name, and its connections by transport', async () => {
  const counts = { ...noCounts(), bans: 3, banned: 40, overloaded: 1 };
  const metrics = new EdgeMetrics({
    calls: () => 2,
    sessions: () => 1,
    workerLoad: () => 0.25,
    hasLink: () => true,
    sip: () => ({ counts: { ...counts }, connections: { tcp: 1, tls: 0 } }),
  });
  const shown = await metrics.text();
  assert.match(shown, /^sylk_sip_counted\{what="bans"\} 3$/m);
  assert.match(shown, /^sylk_sip_counted\{what="banned"\} 40$/m);
  assert.match(shown, /^sylk_sip_counted\{what="overloaded"\} 1$/m);
  assert.match(shown, /^sylk_sip_connections\{transport="tcp"\} 1$/m);
  counts.banned++;
  assert.match(await metrics.text(), /^sylk_sip_counted\{what="banned"\} 41$/m);
});
