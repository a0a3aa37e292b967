import { leaseRenewMs } from '@sylk/protocol/limits.ts';
import { causeOf } from '../call/end-cause.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { EdgeLink } from '../link/edge-link.ts';
import type { LinkedSignaling } from '../link/linked-signaling.ts';
import type { Sfu } from '../ports/sfu.ts';
import type { SipEndpoint } from '../ports/sip-endpoint.ts';

export interface Stopping {
  readonly exchange: Exchange;
  readonly link: EdgeLink;
  readonly signaling: Pick<LinkedSignaling, 'waitingFrames'>;
  readonly sip: SipEndpoint;
  readonly sfu: Sfu;
}

/** How long the browsers' last events may take, in ms: signaling may be ending too. By an API they may need another try. */
const lastEventsMs = 1_500;
const lastTriesMs = 5_000;

/** Signaling hears of it with the next renewal, and readers of the store a moment later; until then calls still come. */
const noticeMs = leaseRenewMs + 4_000;
const lookMs = 250;

/**
 * Takes no new calls, and waits for those under way to end by themselves.
 *
 * @param limitMs at most so long; 0 is not at all
 * @param hurry ends the wait sooner
 */
export async function drain(exchange: Exchange, limitMs: number, hurry: AbortSignal): Promise<void> {
  if (limitMs === 0) return;
  exchange.drain(noticeMs);
  const startedAt = Date.now();
  const mayEnd = () => exchange.size === 0 && Date.now() - startedAt >= noticeMs;
  while (!mayEnd() && !hurry.aborted && Date.now() - startedAt < limitMs) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** Ends all calls, lets both sides hear of it, and closes what is open. */
export async function stopPolitely({ exchange, link, signaling, sip, sfu }: Stopping): Promise<void> {
  exchange.drain();
  // SIP first: it waits for the peers' word on the legs that it ends itself.
  const sipClosed = sip.close();
  exchange.endAll(causeOf(503, 'gateway', 'the gateway is shutting down'));
  await Promise.all([
    sipClosed,
    whileTrue(() => link.isUp && link.reports.size > 0, lastEventsMs),
    whileTrue(() => signaling.waitingFrames > 0, lastTriesMs),
  ]);
  link.close();
  sfu.close();
}

async function whileTrue(isBusy: () => boolean, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (isBusy() && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
