import type { LegId, SessionId } from '@sylk/protocol/ids.ts';

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
