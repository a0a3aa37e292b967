import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { SipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { IncomingPage } from './sip-messages.ts';

type Body<Kind extends IncomingPage['body']['kind']> = Extract<IncomingPage['body'], { kind: Kind }>;

/** Something for an account of ours, or of one of ours for somebody elsewhere. */
export type Received<Kind extends IncomingPage['body']['kind']> = Omit<Body<Kind>, 'kind'> & {
  readonly from: SipIdentity;
  /** Our account that has proven to be the sender. */
  readonly proven?: Aor;
  /** `to` is an account elsewhere, and it came by its registration here, which has these. */
  readonly credentials?: string;
  readonly to: Aor;
};

/** Who keeps the messages of our accounts: signaling. All reject when it does not answer in time. */
export interface MessageAccounts {
  /** Resolves once it is stored; a repetition changes nothing. */
  message(received: Received<'message'>): Promise<PageAnswer>;
  disposition(received: Received<'disposition'>): Promise<PageAnswer>;
  composing(received: Received<'composing'>): Promise<PageAnswer>;
}
