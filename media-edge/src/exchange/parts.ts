import type { Aor, CallId } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { OwnNames } from '../call/route.ts';
import type { Ladders } from '../ladder/ladders.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Sfu } from '../ports/sfu.ts';
import type { Signaling } from '../ports/signaling.ts';
import type { SipEndpoint, TrunkUse } from '../ports/sip-endpoint.ts';
import type { Sessions } from '../session/sessions.ts';
import type { EdgeSeats } from './call-seats.ts';

/** What every call of the edge is made with. */
export interface ExchangeParts {
  readonly sfu: Sfu;
  readonly sip: SipEndpoint;
  readonly signaling: Signaling;
  readonly sessions: Sessions;
  readonly ladders: Ladders;
  readonly clock: Clock;
  readonly log: Log;
  /** Known once signaling has been reached. */
  own(): OwnNames;
  /** False while signaling may have declared this edge lost: then it takes nothing new. */
  hasLease(): boolean;
  readonly observer: CallObserver;
  readonly seats: EdgeSeats;
}

/** Who counts calls. */
export interface CallObserver {
  began(): void;
  answered(setUpMs: number): void;
  ended(code: number, wasAnswered: boolean): void;
}

/** What is known of a call when it begins. */
export interface CallPlan {
  readonly id: CallId;
  readonly from: SipIdentity;
  /** The caller has signed in at that address; what a SIP peer says in its From is only a claim. */
  readonly isFromVerified: boolean;
  /** As it was dialled. */
  readonly to: string;
  /** The account that answers for the call where that is not the caller's: whoever has asked for a transfer. */
  readonly onBehalfOf?: Aor;
  /** Where the caller is, if it is a phone of ours: it does not ring itself. */
  readonly callerContact?: string;
  /** The trunk that it came by. */
  readonly trunk?: TrunkUse;
  /** Headers of the transfer that makes it. */
  readonly referral?: readonly { readonly name: string; readonly value: string }[];
  /** Extra SIP headers that the caller gave, or its INVITE had. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}
