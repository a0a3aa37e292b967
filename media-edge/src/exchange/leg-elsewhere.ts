import { aor } from '@sylk/protocol/ids.ts';
import type { CallLeg } from '../call/call-leg.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Router } from '../ports/sfu.ts';
import type { DialOptions } from '../ports/sip-endpoint.ts';
import { newCallId } from './identity.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';
import type { Party } from './party.ts';
import { isPassedOn } from './phone-leg.ts';

interface CallElsewhere {
  readonly parts: ExchangeParts;
  readonly plan: CallPlan;
  readonly ladder: Ladder;
  /** The caller, if it is a browser. */
  readonly caller?: Party['client'];
}

/** A leg to whoever SIP finds at `to`, or by a trunk to a number. */
export function legElsewhere(
  { parts, plan, caller, ladder }: CallElsewhere,
  router: Router,
  to: string,
  number?: DialOptions['number'],
): CallLeg {
  const displayName = caller?.from.displayName ?? plan.from.display_name ?? undefined;
  const from = { aor: plan.onBehalfOf ?? caller?.from.aor ?? aor(plan.from.uri), displayName };
  return parts.sip.dial({
    // The Call-ID of a SIP caller belongs to its dialog with us.
    callId: caller === undefined ? newCallId(parts.own().domain) : plan.id,
    from,
    to,
    number,
    headers: caller === undefined ? plan.headers.filter(isPassedOn) : plan.headers,
    referral: plan.referral ?? [],
    headerPrefixes: caller?.from.headerPrefixes ?? [],
    router,
    trace: ladder.add,
  });
}
