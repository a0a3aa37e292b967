import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import type { Aor, CallId, LegId } from '@sylk/protocol/ids.ts';
import type { CallLeg } from '../call/call-leg.ts';
import type { EndCause } from '../call/end-cause.ts';
import type { Offer } from '../call/media.ts';
import type { CalledRegistration } from './called-registration.ts';
import type { PhoneClaim } from './phone-accounts.ts';
import type { Router } from './sfu.ts';

/** SIP as the calls see it: legs out, invites in. `sip/` implements it. */
export interface SipEndpoint {
  /** Makes a UAC leg; nothing is sent before its `start`. */
  dial(options: DialOptions): CallLeg;
  /**
   * Looks an address up before it is dialled.
   *
   * @param to as in `DialOptions`
   * @returns in words why its domain cannot be found, `undefined` if it can
   */
  lookUpProblem?(to: string): Promise<string | undefined>;
  /** The trunks that dial this number, the one whose rule fits best first; `barred` if that rule bars it. */
  trunksFor?(number: string): readonly TrunkUse[] | 'barred';
  /** Whether calls of this account elsewhere can leave by its provider now. */
  hasLine?(aor: Aor): boolean;
  /** One callback for each new INVITE to one of our domains; it must answer or reject. */
  onInvite(callback: (invite: IncomingInvite) => void): void;
  /** Ends listening; running dialogs get BYE first. */
  close(): Promise<void>;
}

export interface DialOptions {
  readonly callId: CallId;
  readonly from: { readonly aor: Aor; readonly displayName?: string };
  readonly number?: DialledNumber | undefined;
  /** Where one of our phones is; `to` is its address then. */
  readonly place?: PhonePlace | undefined;
  /** `user@host[:port][;params]`, without scheme, as the person typed it. */
  readonly to: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Headers of a transfer, which no client may set: Replaces (RFC 3891), Referred-By (RFC 3892). */
  readonly referral?: readonly { readonly name: string; readonly value: string }[];
  /** Prefixes of header names to report in `Accepted.headers`. */
  readonly headerPrefixes: readonly string[];
  readonly router: Router;
  readonly trace: Trace;
}

/** A number that a trunk is to dial. */
export interface DialledNumber {
  readonly dialled: string;
  readonly trunk: string;
  /** Of the account that calls, the part before the @. */
  readonly name: string;
  readonly isAnonymous: boolean;
}

export interface IncomingInvite {
  readonly callId: CallId;
  readonly from: { readonly uri: Aor; readonly displayName: string };
  /** Request-URI, lower-cased domain, without parameters. */
  readonly to: Aor;
  /** The account at a provider elsewhere that was called by its registration; absent for our own addresses. */
  readonly account?: CalledRegistration | undefined;
  /** The Request-URI as it was written. */
  readonly uri?: string;
  /** Its Contact. */
  readonly contact?: string | undefined;
  /** What a caller says who claims to be one of our accounts; to be asked of signaling. */
  readonly caller?: PhoneClaim | undefined;
  /** The trunk that it came by, and whom of ours its number belongs to. */
  readonly trunk?: (TrunkUse & { readonly to?: string }) | undefined;
  /** One of our phones whose flow ends here: another edge calls it. */
  readonly phone?: PhonePlace | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly offer: Offer;
  /** The leg whose place it wants to take (RFC 3891). */
  readonly replaces?: LegId;
  /** Called once the caller gives up (CANCEL) or the transaction dies, also before `leg`. */
  onCancelled(callback: (cause: EndCause) => void): void;
  /** The UAS leg on this router. */
  leg(router: Router, trace: Trace): CallLeg;
  reject(cause: EndCause): void;
}

/** A trunk, and what the operator allows on it. */
export interface TrunkUse {
  readonly trunk: string;
  /** Calls at a time, in both directions together. */
  readonly maxCalls?: number | undefined;
  readonly maxCallMinutes?: number | undefined;
}

/** Where a leg writes what happens, for the ladder of its call. Times are added by the receiver. */
export type Trace = (entry: TraceEntry) => void;

export interface TraceEntry {
  readonly from: 'browser' | 'gateway' | 'sip' | 'media' | 'jingle';
  readonly to: 'browser' | 'gateway' | 'sip' | 'media' | 'jingle';
  /** `INVITE`, `180 Ringing`, `session-create`, `ICE connected`. */
  readonly label: string;
  /** The message, redacted: no secrets, no keys, no bodies of others. */
  readonly detail?: string;
}
