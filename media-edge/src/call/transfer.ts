import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { EndCause } from './end-cause.ts';

export type { TransferTarget } from '../ports/transfer-target.ts';

/** How far a transfer is, for the side that asked for it. */
export type TransferProgress =
  | { readonly state: 'trying' | 'ringing' | 'accepted' }
  | { readonly state: 'failed'; readonly cause: EndCause };

/** The new partner, for the side that was handed on. */
export type NewPartner = SipIdentity;

/** Why the call ends for the side that handed the other one on. */
export const transferred: EndCause = { code: 200, phrase: 'Transferred', by: 'gateway' };
