import type { LegId, SessionId } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { EndCause } from './end-cause.ts';

/** To whom one side of a call hands the other side on. */
export type TransferTarget =
  | {
      readonly kind: 'address';
      /** As `session-create` has it. */
      readonly uri: string;
      /** Further SIP headers for the new call: Replaces (RFC 3891), Referred-By (RFC 3892). */
      readonly headers: readonly { readonly name: string; readonly value: string }[];
      /** Who asks is trusted to have us call anybody, not only addresses of ours. */
      readonly mayLeave: boolean;
    }
  /** The far side of another call of the same client. */
  | { readonly kind: 'session'; readonly session: SessionId }
  /** The far side of the call that has this leg. */
  | { readonly kind: 'leg'; readonly leg: LegId };

/** How far a transfer is, for the side that asked for it. */
export type TransferProgress =
  | { readonly state: 'trying' | 'ringing' | 'accepted' }
  | { readonly state: 'failed'; readonly cause: EndCause };

/** The new partner, for the side that was handed on. */
export type NewPartner = SipIdentity;

/** Why the call ends for the side that handed the other one on. */
export const transferred: EndCause = { code: 200, phrase: 'Transferred', by: 'gateway' };
