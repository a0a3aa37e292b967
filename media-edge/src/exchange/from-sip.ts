import { causeOf } from '../call/end-cause.ts';
import { route } from '../call/route.ts';
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
  const { account } = invite;
  const way = account === undefined ? route(invite.to, parts.own()) : ({ to: 'account', aor: account } as const);
  if (way.to === 'nowhere') return invite.reject(way.cause);
  // Nothing is relayed for others: only who signed in here may call out.
  if (way.to === 'sip') return invite.reject(causeOf(404, 'gateway', `${invite.to} is no address of this gateway`));
  if (invite.offer.lines.every(isRefused))
    return invite.reject(causeOf(488, 'gateway', 'no common codec: only audio in opus, G.722, PCMU or PCMA is taken'));
  const plan = planOf(invite);
  const ladder = parts.ladders.begin(plan.id, plan.from.uri, plan.to);
  // The relay gives the phone its own payload types, so the router may have those that browsers are used to.
  const router = await parts.sfu.createRouter(routerCodecs({ lines: [] }));
  const uses = [new RouterUse(router)];
  const a = invite.leg(router, ladder.add);
  const call = new LiveCall({ parts, plan, ladder, uses, a, offer: invite.offer, transfer: transfersAmong(calls) });
  calls.add(call);
  await call.dial(way);
}

function planOf(invite: IncomingInvite): CallPlan {
  return {
    id: invite.callId,
    from: { uri: invite.from.uri, display_name: invite.from.displayName },
    isFromVerified: false,
    to: invite.to,
    headers: Object.entries(invite.headers).map(([name, value]) => ({ name, value })),
  };
}
