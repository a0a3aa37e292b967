import type { SessionCreate } from '@sylk/protocol/sylkrtc/requests.ts';
import { causeOf } from '../call/end-cause.ts';
import { route } from '../call/route.ts';
import { frameEntry } from '../ladder/frame-label.ts';
import { type BrowserDescription, readBrowserDescription } from '../sdp/browser-offer.ts';
import { isCarried, isTelephoneEvent } from '../sdp/codecs.ts';
import { routerCodecs } from '../sdp/router-codecs.ts';
import { SdpError } from '../sdp/sdp-error.ts';
import type { BrowserSession } from '../session/browser-session.ts';
import type { Opening } from '../session/sessions.ts';
import { WebRtcLeg } from '../webrtc/webrtc-leg.ts';
import { newCallId, newLegId } from './identity.ts';
import { LiveCall } from './live-call.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';
import { RouterUse } from './router-use.ts';
import { type CallsOfEdge, transfersAmong } from './transfers.ts';

/** Looks whether a browser's call can be made, and prepares its leg and its router. */
export async function openFromBrowser(
  parts: ExchangeParts,
  session: BrowserSession,
  request: SessionCreate,
  calls: CallsOfEdge,
): Promise<Opening> {
  const offer = readOffer(request.sdp);
  if (typeof offer === 'string') return { ok: false, error: offer };
  const plan = planOf(parts, session, request);
  const ladder = parts.ladders.begin(plan.id, plan.from.uri, plan.to);
  const own = ladder.of('caller');
  parts.ladders.name(ladder, 'caller', session.key);
  own.add(frameEntry('fromBrowser', request));
  const way = route(request.uri, parts.own());
  const hasLine = parts.sip.hasLine?.(session.key.aor) ?? false;
  // Only its provider shows that a call is really from this account.
  if (isElsewhere(parts, session) && !hasLine) return { ok: false, error: 'Account not registered at its provider' };
  // What a provider can reach, it knows better than our DNS.
  const lookUp = way.to === 'sip' && !hasLine ? parts.sip.lookUpProblem?.(way.uri) : undefined;
  // Side by side: the router is there by the time the domain is found, and what is not found costs only a router.
  const [router, notFound] = await Promise.all([parts.sfu.createRouter(routerCodecs(offer.neutral)), lookUp]);
  if (notFound !== undefined) {
    router.close();
    ladder.close(causeOf(404, 'network', notFound));
    return { ok: false, error: `DNS lookup error: ${notFound}` };
  }
  const role = { kind: 'caller', session, offer } as const;
  const media = new WebRtcLeg({
    id: newLegId(),
    router,
    sfu: parts.sfu,
    clock: parts.clock,
    log: parts.log,
    trace: own.add,
    role,
  });
  const caller = { from: session.attachment, key: session.key };
  const uses = [new RouterUse(router)];
  const call = new LiveCall({
    parts,
    plan,
    ladder,
    uses,
    a: media,
    offer: offer.neutral,
    caller,
    transfer: transfersAmong(calls),
  });
  const begin = () => {
    calls.add(call);
    session.tell({ kind: 'progress' });
    void call.dial(way);
  };
  return { ok: true, media, begin };
}

const isElsewhere = (parts: ExchangeParts, { key }: BrowserSession): boolean =>
  !key.aor.endsWith(`@${parts.own().domain}`);

function planOf(parts: ExchangeParts, { attachment }: BrowserSession, request: SessionCreate): CallPlan {
  return {
    id: newCallId(parts.own().domain),
    from: { uri: attachment.aor, display_name: attachment.displayName },
    isFromVerified: true,
    to: request.uri,
    headers: request.headers ?? [],
  };
}

/** @returns the text of the error if there is nothing in it that we could carry */
function readOffer(sdp: string): BrowserDescription | string {
  try {
    const offer = readBrowserDescription(sdp);
    const codecs = offer.neutral.lines.flatMap((line) => line.codecs);
    if (codecs.some((codec) => isCarried(codec) && !isTelephoneEvent(codec))) return offer;
    return 'sdp offers no audio or video codec that this gateway carries';
  } catch (error) {
    if (error instanceof SdpError) return error.message;
    throw error;
  }
}
