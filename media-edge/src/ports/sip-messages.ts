import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { CalledRegistration } from './called-registration.ts';
import type { PhoneClaim } from './phone-accounts.ts';

/** Messages of SIP outside calls (RFC 3428). `sip/pager` implements it. */
export interface SipMessages {
  /** Sends one message. Never rejects; resolves with what the other side answered, or why it was not asked. */
  send(message: PageToSend): Promise<PageOutcome>;
  /** One callback for each that comes in; what it resolves with is the answer. */
  onMessage(callback: (page: IncomingPage) => Promise<PageReply>): void;
}

/** Who is to get something, and from whom. */
interface Envelope {
  readonly from: { readonly aor: Aor; readonly displayName?: string | undefined };
  /** `user@host`, as for a call. */
  readonly to: string;
  /** Where one of our phones is; `to` is its address then. */
  readonly place?: PhonePlace | undefined;
}

export type PageToSend =
  | (Envelope & {
      readonly kind: 'message';
      readonly id: string;
      readonly contentType: string;
      readonly content: string;
      /** ms since 1970. */
      readonly at: number;
      readonly wantsDelivery: boolean;
      readonly wantsDisplay: boolean;
    })
  | (Envelope & {
      readonly kind: 'disposition';
      /** Of the message that it is about, and its time. */
      readonly message: string;
      readonly at: number;
      readonly state: 'delivered' | 'displayed' | 'error';
    })
  | (Envelope & {
      readonly kind: 'composing';
      readonly state: 'active' | 'idle';
      readonly contentType?: string | undefined;
      readonly refreshSec: number;
    });

/** A SIP status, and its words. */
export interface PageOutcome {
  readonly code: number;
  readonly reason: string;
}

export interface IncomingPage {
  /** What its From says; of nobody is that more than a claim, unless there is a `caller` that is right. */
  readonly from: { readonly uri: Aor; readonly displayName: string };
  /** Request-URI, lower-cased domain, without parameters. */
  readonly to: Aor;
  /** The account at a provider elsewhere that was written to by its registration. */
  readonly account?: CalledRegistration | undefined;
  /** The proof of who claims to be one of our accounts; to be asked of signaling. */
  readonly caller?: PhoneClaim | undefined;
  /** Its own Contact, or where it came from: so that a phone does not get its own message. */
  readonly contact?: string | undefined;
  /** One of our phones whose flow ends here: another edge writes to it. */
  readonly phone?: PhonePlace | undefined;
  readonly body: PageBody;
}

export type PageBody =
  | {
      readonly kind: 'message';
      /** Its Message-ID, or else made of what names the request: a repetition has the same. */
      readonly id: string;
      readonly contentType: string;
      readonly content: string;
      readonly at?: number;
      readonly wantsDelivery: boolean;
      readonly wantsDisplay: boolean;
    }
  | {
      readonly kind: 'disposition';
      readonly message: string;
      readonly state: 'on-its-way' | 'delivered' | 'displayed' | 'failed' | 'error';
    }
  | {
      readonly kind: 'composing';
      readonly state: 'active' | 'idle';
      readonly contentType?: string | undefined;
      readonly refreshSec: number;
    };

export interface PageReply {
  readonly code: number;
  readonly phrase: string;
  readonly retryAfterS?: number | undefined;
}
