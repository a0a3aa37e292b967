import type { DigestClaim } from '@sylk/protocol/digest-claim.ts';
import type { CallerAnswer, ContactsOrder, RegisterAnswer } from '@sylk/protocol/edge/phones.ts';
import type { Aor } from '@sylk/protocol/ids.ts';

/** What a phone says about whose it is, and its proof. */
export interface PhoneClaim {
  /** Under any name of our domain. */
  readonly aor: Aor;
  /** Where it comes from: an IPv4 address, or a /64 of IPv6. */
  readonly network: string;
  readonly claim: DigestClaim;
}

export interface PhoneRegistration extends PhoneClaim {
  readonly callId: string;
  readonly cseq: number;
  readonly order: ContactsOrder;
}

/** Who knows the passwords and contacts of our accounts: signaling. Both reject when it does not answer in time. */
export interface PhoneAccounts {
  register(registration: PhoneRegistration): Promise<RegisterAnswer>;
  caller(claim: PhoneClaim): Promise<CallerAnswer>;
}
