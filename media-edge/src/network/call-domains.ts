/** Says whom else's addresses may be called. */
export interface CallDomains {
  /** Why nobody of this domain (or at this IP address) is called, or `undefined` when they are. */
  refusal(host: string): string | undefined;
}

export const callDomainForm =
  "'*', 'none', or domains separated by commas, those not to be called with ! in front, such as example.org,!fax.example.org";

/** @returns the entries of a list in lower case, `undefined` for a wrong one */
export function callDomainList(text: string): readonly string[] | undefined {
  if (text === '*') return [];
  if (text === 'none') return [nobody];
  const entries = text.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.every((entry) => /^!?(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]+)$/.test(entry))
    ? entries
    : undefined;
}

/**
 * A domain stands for itself and for all below it, and the longest entry that fits counts. What none fits may be called
 * unless the list names some that may.
 *
 * @param entries as `callDomainList` reads them
 */
export function callDomains(entries: readonly string[]): CallDomains {
  const rules = entries.map((entry) => ({ domain: entry.replace(/^!/, ''), isCalled: !entry.startsWith('!') }));
  const isOpen = rules.every(({ isCalled }) => !isCalled);
  return {
    refusal(host) {
      const name = host.replace(/^\[|\]$/g, '').toLowerCase();
      const fitting = rules.filter(({ domain }) => name === domain || name.endsWith(`.${domain}`));
      const [best] = fitting.toSorted((one, other) => other.domain.length - one.domain.length);
      return (best?.isCalled ?? isOpen) ? undefined : `${name} is not called from here (see SYLK_CALL_DOMAINS)`;
    },
  };
}

/** No domain has this name, so that no other one may be called. */
const nobody = 'nobody.invalid';
