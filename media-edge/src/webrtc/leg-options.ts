import type { LegId } from '@sylk/protocol/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Router, Sfu } from '../ports/sfu.ts';
import type { Trace } from '../ports/sip-endpoint.ts';
import type { BrowserDescription } from '../sdp/browser-offer.ts';
import type { BrowserSession } from '../session/browser-session.ts';

export interface WebRtcLegOptions {
  readonly id: LegId;
  /** The call's. */
  readonly router: Router;
  /** For a reloaded page that does not fit that router. */
  readonly sfu: Sfu;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
  readonly role: CallerRole | CalledRole;
}

/** The browser calls: it has made its offer. */
export interface CallerRole {
  readonly kind: 'caller';
  readonly session: BrowserSession;
  readonly offer: BrowserDescription;
}

/** The browser is called: it gets our offer, and with it its session. */
export interface CalledRole {
  readonly kind: 'called';
  readonly ring: (sdp: string) => BrowserSession;
  /** The caller hears that it rings once the device says so; a stock client cannot. */
  readonly confirmsRinging: boolean;
}
