import { isIPv6 } from 'node:net';

/** Who counts as one source: an IPv4 address, or a /64 of IPv6, which is what one customer has. */
export const sourceNetwork = (address: string): string => (isIPv6(address) ? prefixOf(address) : address);

const prefixOf = (address: string): string => {
  const [head = ''] = address.split('::');
  return [...head.split(':'), '0', '0', '0', '0'].slice(0, 4).join(':');
};
