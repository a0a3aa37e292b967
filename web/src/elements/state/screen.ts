import type { CallView, PhoneSnapshot } from '../../store/snapshot.ts';

/** Which screen fills the phone. Incoming calls lie over it as a sheet. */
export type Screen =
  | { readonly kind: 'place'; readonly problem: 'insecure' | 'unsupported' }
  | { readonly kind: 'outgoing'; readonly call: CallView }
  | { readonly kind: 'call'; readonly call: CallView }
  | { readonly kind: 'ended'; readonly ended: NonNullable<PhoneSnapshot['ended']> }
  | { readonly kind: 'home' };

/** Picks the screen: what cannot work at all first, then the running call, then how the last one ended. */
export function screenOf(snapshot: PhoneSnapshot): Screen {
  const { place, ended } = snapshot;
  if (place === 'insecure' || place === 'unsupported') return { kind: 'place', problem: place };
  const call = bigCall(snapshot);
  if (call !== undefined) return { kind: isTalking(call) ? 'call' : 'outgoing', call };
  return ended === undefined || ended.kind === 'missed' ? { kind: 'home' } : { kind: 'ended', ended };
}

/** The call on the big screen: the active one, unless it still rings here. */
export function bigCall({ calls, activeCall }: PhoneSnapshot): CallView | undefined {
  const running = calls.filter(({ phase }) => phase !== 'incoming');
  return running.find(({ id }) => id === activeCall) ?? running[running.length - 1];
}

/** Calls that ring here, the first one first. */
export function incomingCalls({ calls }: PhoneSnapshot): readonly CallView[] {
  return calls.filter(({ phase }) => phase === 'incoming');
}

/** Calls that run behind the big one. */
export function otherCalls(snapshot: PhoneSnapshot): readonly CallView[] {
  const big = bigCall(snapshot);
  return snapshot.calls.filter((call) => call !== big && call.phase !== 'incoming');
}

function isTalking(call: CallView): boolean {
  return call.phase === 'established' || (call.phase === 'ending' && call.establishedAt !== undefined);
}

/** One word for the whole phone, reflected as the `state` attribute. */
export type PhoneState = 'idle' | CallView['phase'] | 'held' | 'reconnecting' | 'ended' | 'unavailable';

/** The word for a snapshot; a running call outweighs one that rings. */
export function phoneState(snapshot: PhoneSnapshot): PhoneState {
  const screen = screenOf(snapshot);
  if (screen.kind === 'place') return 'unavailable';
  if (screen.kind === 'call' && screen.call.isReconnecting) return 'reconnecting';
  if (screen.kind === 'call' && (screen.call.isHeldByMe || screen.call.isHeldByThem)) return 'held';
  if (screen.kind === 'call' || screen.kind === 'outgoing') return screen.call.phase;
  if (incomingCalls(snapshot).length > 0) return 'incoming';
  return screen.kind === 'ended' ? 'ended' : 'idle';
}
