import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { SessionKey } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';

/** Who is at one end of a call. */
export interface Party {
  readonly identity: SipIdentity;
  /** It has signed in at that address. */
  readonly isVerified: boolean;
  /** Where it is one of our clients. */
  readonly client?: { readonly from: Attachment; readonly key: SessionKey };
}
