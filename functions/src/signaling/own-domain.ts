import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { parseSipAddress, type SipAddress } from '@sylk/protocol/sip-address.ts';

/** The domain whose addresses live here. */
export interface OwnDomain {
  /** In lower case. */
  readonly name: string;
  /** Other names of this server, in lower case: `localhost` and its own addresses. */
  readonly aliases: readonly string[];
}

/**
 * Tells under which address an account of ours is kept. Names are compared without regard to case:
 * people do not keep to it, and no two addresses here differ by it.
 *
 * @param address `user@domain`, the domain may be an alias
 * @returns undefined when the domain is not ours
 */
export const ownAor = (domain: OwnDomain, address: string): Aor | undefined => {
  const parsed = parseSipAddress(address);
  if (parsed === undefined || !isOwn(domain, parsed)) return undefined;
  return aor(`${(parsed.user ?? '').toLowerCase()}@${domain.name}`);
};

/** The part before `@` of an address of ours. */
export const userOf = (address: Aor): string => address.slice(0, address.lastIndexOf('@'));

/** Another port on a host of ours is another SIP server, such as a phone on the same machine. */
const isOwn = (domain: OwnDomain, { host, port }: SipAddress): boolean =>
  host === domain.name || (port === undefined && domain.aliases.includes(host));
