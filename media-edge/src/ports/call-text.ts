import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';

/** Something written within a call, or what its reader says of that. Times in ms since 1970. */
export type CallText = Readonly<{ from: SipIdentity; at: number }> &
  (
    | {
        readonly kind: 'message';
        readonly id: string;
        readonly contentType: string;
        readonly content: string;
        readonly wantsDelivery: boolean;
        readonly wantsDisplay: boolean;
      }
    | { readonly kind: 'disposition'; readonly message: string; readonly state: 'delivered' | 'displayed' | 'error' }
  );

/** What became of it: a SIP status, and its words. */
export interface TextOutcome {
  readonly code: number;
  readonly reason: string;
}
