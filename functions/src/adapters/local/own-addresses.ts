import { hostname, networkInterfaces } from 'node:os';

/** This machine's addresses, those of the loopback last. */
const ownAddresses = (): readonly {
  readonly address: string;
  readonly family: string;
  readonly isLoopback: boolean;
}[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address, family, internal }) => ({
      address: address.split('%')[0] ?? address,
      family,
      isLoopback: internal,
    }))
    .toSorted((one, other) => Number(one.isLoopback) - Number(other.isLoopback));

/** The address under which others on the network find this machine: its first IPv4 address that is not the loopback's. */
export const announcedAddress = (): string =>
  ownAddresses().find(({ family, isLoopback }) => family === 'IPv4' && !isLoopback)?.address ?? '127.0.0.1';

/** All names of this machine as they stand in SIP URIs: IPv6 addresses in brackets (RFC 3261 s. 25.1). */
export const ownNames = (): readonly string[] => {
  const addresses = ownAddresses().map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  return [...new Set(['localhost', hostname().toLowerCase(), ...addresses])];
};
