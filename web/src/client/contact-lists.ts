import type { ContactPolicyEvent } from './wire.ts';

/** Whom an account has blocked, and whom it has allowed: `user@domain` in lower case. */
export interface ContactPolicy {
  readonly blocked: readonly string[];
  readonly allowed: readonly string[];
}

/** Puts together what the gateway tells of both lists. */
export class ContactLists {
  #whole: ContactPolicy = { blocked: [], allowed: [] };
  #known: ContactPolicy = this.#whole;

  /** As far as it was told to the end. */
  get policy(): ContactPolicy {
    return this.#whole;
  }

  /** @returns whether the lists are whole now */
  take({ blocked, allowed, reset, more }: ContactPolicyEvent): boolean {
    const before = reset ? { blocked: [], allowed: [] } : this.#known;
    this.#known = {
      blocked: joined(before.blocked, blocked, allowed),
      allowed: joined(before.allowed, allowed, blocked),
    };
    if (more) return false;
    this.#whole = this.#known;
    return true;
  }
}

const joined = (list: readonly string[], added: readonly string[], removed: readonly string[]): readonly string[] => [
  ...new Set([...list.filter((one) => !removed.includes(one)), ...added]),
];
