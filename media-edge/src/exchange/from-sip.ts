import { causeOf } from '../call/end-cause.ts';
import { route } from '../call/route.ts';
import type { IncomingInvite } from '../ports/sip-endpoint.ts';
import { isRefused } from '../sdp/codecs.ts';
import { routerCodecs } from '../sdp/router-codecs.ts';
import { LiveCall } from './live-call.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';

/** A SIP peer calls an address of ours. */
export async function takeInvite(
  parts: ExchangeParts,
  invite: IncomingInvite,
  add: (call: LiveCall) => void,
): Promise<void> {
  const way = route(invite.to, parts.own());
  if (way.to === 'nowhere') return invite.reject(way.cause);
  // Nothing is relayed for others: only who signed in here may call out.
  if (way.to === 'sip') return invite.reject(causeOf(404, 'gateway', `${invite.to} is no address of this gateway`));
  if (invite.offer.lines.every(isRefused))
    return invite.reject(causeOf(488, 'gateway', 'no common codec: only audio in opus, G.722, PCMU or PCMA is taken'));
  const plan = planOf(invite);
  const ladder = parts.ladders.begin(plan.id, plan.from.uri, plan.to);
  // The relay gives the phone its own payload types, so the router may have those that browsers are used to.
  const router = await parts.sfu.createRouter(routerCodecs({ lines: [] }));
  const call = new LiveCall({ parts, plan, ladder, router, a: invite.leg(router, ladder.add), offer: invite.offer });
  add(call);
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
