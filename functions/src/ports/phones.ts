import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import type { Aor, EdgeId } from '@sylk/protocol/ids.ts';

/** The REGISTER that changes a contact. */
export interface RegisterOrigin {
  /** Its Call-ID and CSeq: of one phone, later requests count higher (RFC 3261 s. 10.2). */
  readonly callId: string;
  readonly cseq: number;
  /** Names the request: a repeated one finds what it has done. */
  readonly claimant: string;
}

/** A contact of an account, at which a phone rings. Times in ms since 1970. */
export interface PhoneBinding extends RegisterOrigin {
  readonly aor: Aor;
  readonly place: PhonePlace;
  /** Where it has registered. */
  readonly edge: EdgeId;
  readonly registeredAt: number;
  readonly expiresAt: number;
}

/** Contacts of phones: one item for each, beside their account. */
export interface Phones {
  /**
   * Puts a contact in place of the one with its key, unless that was put by a later (or equal) request of the same Call-ID.
   *
   * @param at ms since 1970; what has expired by then is not in the way
   * @returns whether it is there now
   */
  bind(binding: PhoneBinding, at: number): Promise<boolean>;
  /** Removes a contact under the same condition. @returns whether it is gone */
  unbind(aor: Aor, key: string, origin: RegisterOrigin, at: number): Promise<boolean>;
  /** All contacts of an account, those with the highest `q` first, then first registered first. */
  of(aor: Aor, at: number): Promise<readonly PhoneBinding[]>;
}

/** The order of `of`. */
export const inRingingOrder = (bindings: readonly PhoneBinding[]): readonly PhoneBinding[] =>
  bindings.toSorted(
    (one, other) =>
      other.place.q - one.place.q ||
      one.registeredAt - other.registeredAt ||
      (one.place.key < other.place.key ? -1 : 1),
  );
