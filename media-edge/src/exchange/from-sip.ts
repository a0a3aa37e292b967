import type { Aor } from '@sylk/protocol/ids.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import { type OwnNames, type Route, route } from '../call/route.ts';
import type { PhoneClaim } from '../ports/phone-accounts.ts';
import type { IncomingInvite } from '../ports/sip-endpoint.ts';
import { isRefused } from '../sdp/codecs.ts';
import { routerCodecs } from '../sdp/router-codecs.ts';
import { LiveCall } from './live-call.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';
import { RouterUse } from './router-use.ts';
import { type CallsOfEdge, replace, transfersAmong } from './transfers.ts';

/** A SIP peer calls an address of ours. */
export async function takeInvite(parts: ExchangeParts, invite: IncomingInvite, calls: CallsOfEdge): Promise<void> {
  if (invite.replaces !== undefined) return replace(calls, invite, invite.replaces);
  const caller = invite.caller === undefined ? undefined : await knownCaller(parts, invite.caller);
  if (caller !== undefined && 'code' in caller) return invite.reject(caller);
  const way = wayOf(parts, invite, caller);
  if (way.to === 'nowhere') return invite.reject(way.cause);
  // Nothing is relayed for others: only who signed in here may call out.
  if ((way.to === 'sip' || way.to === 'number') && caller === undefined)
    return invite.reject(causeOf(404, 'gateway', `${invite.to} is no address of this gateway`));
  if (invite.offer.lines.every(isRefused))
    return invite.reject(causeOf(488, 'gateway', 'no common codec: only audio in opus, G.722, PCMU or PCMA is taken'));
  const plan = planOf(invite, caller);
  const ladder = parts.ladders.begin(plan.id, plan.from.uri, plan.to);
  // The relay gives the phone its own payload types, so the router may have those that browsers are used to.
  const router = await parts.sfu.createRouter(routerCodecs({ lines: [] }));
  const uses = [new RouterUse(router)];
  const a = invite.leg(router, ladder.add);
  const call = new LiveCall({ parts, plan, ladder, uses, a, offer: invite.offer, transfer: transfersAmong(calls) });
  calls.add(call);
  await call.dial(way);
}

/** An account of ours that has proven to be the caller. */
interface KnownCaller {
  readonly aor: Aor;
  readonly displayName: string;
}

function wayOf({ own }: ExchangeParts, invite: IncomingInvite, caller: KnownCaller | undefined): Route {
  const { account, phone, trunk, to, uri = to } = invite;
  if (trunk !== undefined) return routeOfNumber(trunk.to, own());
  if (phone !== undefined) return { to: 'phone', place: phone };
  if (account !== undefined) return { to: 'account', aor: account.aor, credentials: account.credentials };
  return route(caller === undefined ? to : uri, own());
}

const routeOfNumber = (to: string | undefined, own: OwnNames): Route =>
  to === undefined
    ? { to: 'nowhere', cause: causeOf(404, 'gateway', 'nobody has this number here') }
    : route(`${to}@${own.domain}`, own);

/** @returns who it is, or why it may not call */
async function knownCaller({ signaling, log }: ExchangeParts, claim: PhoneClaim): Promise<KnownCaller | EndCause> {
  try {
    const answer = await signaling.caller(claim);
    if (answer.status === 'right') return answer;
    if (answer.status !== 'refused') return refusals[answer.status];
    const { retryAfterS } = answer;
    return { ...causeOf(503, 'gateway', 'too many calls, or too many wrong passwords'), retryAfterS };
  } catch (error) {
    log.warn({ aor: claim.aor, err: error }, 'signaling did not tell who calls');
    return causeOf(503, 'gateway', 'the signaling server does not answer');
  }
}

const refusals = {
  wrong: causeOf(403, 'gateway', 'wrong name or password'),
  blocked: causeOf(403, 'gateway', 'this address is blocked'),
  expired: causeOf(410, 'gateway', 'the address has expired'),
} as const;

function planOf(invite: IncomingInvite, caller: KnownCaller | undefined): CallPlan {
  const { uri, displayName } = invite.from;
  return {
    id: invite.callId,
    from: { uri: caller?.aor ?? uri, display_name: displayName || (caller?.displayName ?? '') },
    isFromVerified: caller !== undefined,
    ...(caller && invite.contact !== undefined ? { callerContact: invite.contact } : {}),
    to: invite.to,
    ...(invite.trunk && { trunk: invite.trunk }),
    headers: Object.entries(invite.headers).map(([name, value]) => ({ name, value })),
  };
}
