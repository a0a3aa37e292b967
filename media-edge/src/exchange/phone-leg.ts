import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import type { CallLeg } from '../call/call-leg.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Router } from '../ports/sfu.ts';
import { newCallId } from './identity.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';

export interface PhoneCall {
  readonly parts: ExchangeParts;
  readonly plan: CallPlan;
  readonly router: Router;
  readonly ladder: Ladder;
}

/** A leg to a phone that has registered for an account of ours; each phone is called in a dialog of its own. */
export function phoneLeg({ parts, plan, router, ladder }: PhoneCall, account: Aor, place: PhonePlace): CallLeg {
  return parts.sip.dial({
    callId: newCallId(parts.own().domain),
    from: { aor: aor(plan.from.uri), displayName: plan.from.display_name ?? undefined },
    to: account,
    place,
    headers: plan.headers.filter(isPassedOn),
    headerPrefixes: [],
    router,
    trace: ladder.of('called').add,
  });
}

/** Headers of a SIP caller that another phone gets to see; the others are between the caller and us. */
export const isPassedOn = ({ name }: { readonly name: string }): boolean =>
  /^(?:x-[a-z0-9-]{1,60}|subject|priority|organization|user-to-user|call-info|alert-info)$/i.test(name);

/** Whether both Contacts are of one phone: its parameters may differ from request to request. */
export function isSamePhone(contact: string, other: string | undefined): boolean {
  const [one, two] = [parseSipAddress(contact), other === undefined ? undefined : parseSipAddress(other)];
  return one !== undefined && one.user === two?.user && one.host === two?.host && one.port === two?.port;
}
