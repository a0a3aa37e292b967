import { type Aor, aor, type LegId, type SessionId, type SessionKey } from '@sylk/protocol/ids.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import { route } from '../call/route.ts';
import { StayingLeg } from '../call/staying-leg.ts';
import type { Side } from '../call/steps.ts';
import { type TransferProgress, type TransferTarget, transferred } from '../call/transfer.ts';
import type { IncomingInvite } from '../ports/sip-endpoint.ts';
import { newCallId } from './identity.ts';
import { LiveCall } from './live-call.ts';
import type { ExchangeParts } from './parts.ts';
import type { Party } from './party.ts';

/** The calls of this edge, as transfers find them. */
export interface CallsOfEdge {
  readonly parts: ExchangeParts;
  add(call: LiveCall): void;
  byLeg(leg: LegId): LiveCall | undefined;
  bySession(key: SessionKey): LiveCall | undefined;
}

/** What a call needs to hand its sides on. */
export const transfersAmong =
  (calls: CallsOfEdge) =>
  (call: LiveCall, by: Side, to: TransferTarget): Promise<void> =>
    transfer(calls, call, by, to);

/**
 * Hands one side of a call on, without asking it anything (the gateway is in the middle, as in RFC 7092): a second call
 * is made from it to the new partner, and it changes over at the moment of the answer.
 */
async function transfer(calls: CallsOfEdge, call: LiveCall, by: Side, to: TransferTarget): Promise<void> {
  const tell = (progress: TransferProgress) => call.tellTransfer(by, progress);
  const refusal = refusalOf(calls, call, by, to);
  if (refusal !== undefined) return tell({ state: 'failed', cause: refusal });
  if (to.kind === 'address') return dial(calls, call, by, to);
  const other = to.kind === 'leg' ? calls.byLeg(to.leg) : ofClient(calls, call, by, to.session);
  const otherBy = to.kind === 'leg' ? other?.sideOf(to.leg) : sideOfClient(call, by, other);
  if (other === undefined || otherBy === undefined || other === call)
    return tell({ state: 'failed', cause: noSuchCall });
  join(calls, { call, by }, { call: other, by: otherBy });
}

/** A phone calls to take the place of another one in an answered call (RFC 3891 s. 3). */
export function replace(calls: CallsOfEdge, invite: IncomingInvite, leg: LegId): void {
  const call = calls.byLeg(leg);
  const by = call?.sideOf(leg);
  const partner: Party = { identity: nameOf(invite.from), isVerified: false };
  const staying = call && by && stayingLeg(call, by, { partner, onProgress: () => undefined });
  if (call === undefined || by === undefined || staying === undefined) return invite.reject(noSuchCall);
  const { parts } = calls;
  const plan = {
    id: invite.callId,
    from: partner.identity,
    isFromVerified: false,
    to: call.party(opposite(by)).identity.uri,
  };
  const ladder = parts.ladders.begin(plan.id, plan.from.uri, plan.to);
  const uses = call.shareRouters();
  const [use] = uses;
  if (use === undefined) return invite.reject(noSuchCall);
  const next = new LiveCall({
    parts,
    plan: { ...plan, headers: [] },
    ladder,
    uses,
    a: invite.leg(use.router, ladder.add),
    offer: invite.offer,
    transfer: transfersAmong(calls),
  });
  calls.add(next);
  next.join(staying, call.party(opposite(by)));
}

function refusalOf({ parts }: CallsOfEdge, call: LiveCall, by: Side, to: TransferTarget): EndCause | undefined {
  if (call.isTransferring) return causeOf(491, 'gateway', 'a transfer of this call is under way already');
  if (call.side(opposite(by))?.sources.length === 0) return causeOf(488, 'gateway', 'the other side sends no media');
  if (to.kind !== 'address') return undefined;
  const way = route(to.uri, parts.own());
  if (way.to === 'nowhere') return way.cause;
  // Nobody else's phone makes us call the world.
  // Numbers may cost money: whose allowance it is has to be known.
  if (way.to === 'number' && call.party(by).client === undefined)
    return causeOf(403, 'gateway', 'phones transfer to no numbers');
  if (way.to === 'sip' && !to.mayLeave)
    return causeOf(403, 'gateway', `calls to ${to.uri} are not made for this phone`);
  return undefined;
}

async function dial(
  calls: CallsOfEdge,
  call: LiveCall,
  by: Side,
  to: TransferTarget & { kind: 'address' },
): Promise<void> {
  const { parts } = calls;
  const stays = opposite(by);
  const party = call.party(stays);
  const partner = { identity: { uri: aor(to.uri) }, isVerified: false };
  const a = stayingLeg(call, by, { partner, onProgress: (progress) => call.tellTransfer(by, progress) });
  if (a === undefined) return call.tellTransfer(by, { state: 'failed', cause: noSuchCall });
  const uri = to.uri;
  const id = newCallId(parts.own().domain);
  const ladder = parts.ladders.begin(id, party.identity.uri, uri);
  const uses = call.shareRouters();
  const asker = call.party(by).client?.from.aor;
  const plan = {
    id,
    from: party.identity,
    isFromVerified: party.isVerified,
    to: uri,
    headers: [],
    referral: to.headers,
  };
  const next = new LiveCall({
    parts,
    plan: { ...plan, ...(asker === undefined ? {} : { onBehalfOf: asker }) },
    ladder,
    uses,
    a,
    offer: a.offer,
    caller: party.client,
    transfer: transfersAmong(calls),
  });
  call.beginTransfer(by, { leg: a, end: (cause) => next.end(cause) });
  call.tellTransfer(by, { state: 'trying' });
  calls.add(next);
  await next.dial(route(uri, parts.own()));
}

interface Leaving {
  readonly call: LiveCall;
  readonly by: Side;
}

/** Two calls of whoever leaves become one of those who stay (an attended transfer). */
function join(calls: CallsOfEdge, one: Leaving, other: Leaving): void {
  const { parts } = calls;
  const [from, to] = [one, other].map(({ call, by }) => call.party(opposite(by)));
  const tell = (progress: TransferProgress) => one.call.tellTransfer(one.by, progress);
  if (from === undefined || to === undefined) return;
  const a = stayingLeg(one.call, one.by, { partner: to, onProgress: tell });
  const b = stayingLeg(other.call, other.by, { partner: from, onProgress: () => undefined });
  if (a === undefined || b === undefined) return tell({ state: 'failed', cause: noSuchCall });
  const id = newCallId(parts.own().domain);
  const plan = { id, from: from.identity, isFromVerified: from.isVerified, to: to.identity.uri, headers: [] };
  const uses = [...one.call.shareRouters(), ...other.call.shareRouters()];
  const ladder = parts.ladders.begin(id, plan.from.uri, plan.to);
  const next = new LiveCall({
    parts,
    plan,
    ladder,
    uses,
    a,
    offer: a.offer,
    caller: from.client,
    transfer: transfersAmong(calls),
  });
  one.call.beginTransfer(one.by, { leg: a, end: (cause) => next.end(cause) });
  tell({ state: 'trying' });
  calls.add(next);
  next.join(b, to);
}

/** The side that stays when `by` leaves. */
function stayingLeg(
  call: LiveCall,
  by: Side,
  { partner, onProgress }: { partner: Party; onProgress: (progress: TransferProgress) => void },
): StayingLeg | undefined {
  const stays = opposite(by);
  const side = call.side(stays);
  if (side === undefined) return undefined;
  return new StayingLeg({
    leg: side.leg,
    sources: side.sources,
    partner: partner.identity,
    take: () => call.handOver(stays, transferred),
    onProgress,
  });
}

function ofClient(calls: CallsOfEdge, call: LiveCall, by: Side, session: SessionId): LiveCall | undefined {
  const key = call.party(by).client?.key;
  return key && calls.bySession({ ...key, session });
}

/** Which side of the other call the same client is. */
function sideOfClient(call: LiveCall, by: Side, other: LiveCall | undefined): Side | undefined {
  const own = call.party(by).client?.key;
  return (['a', 'b'] as const).find((side) => {
    const key = other?.party(side).client?.key;
    return own !== undefined && key?.aor === own.aor && key.device === own.device;
  });
}

const nameOf = ({ uri, displayName }: { uri: Aor; displayName: string }) => ({ uri, display_name: displayName });
const opposite = (side: Side): Side => (side === 'a' ? 'b' : 'a');
const noSuchCall = causeOf(481, 'gateway', 'there is no such answered call');
