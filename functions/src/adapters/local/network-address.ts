import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

const loopback = /^(127\.|::1$)/;

/**
 * Where a request comes from. A proxy on this machine is believed about whom it speaks for:
 * nobody else can come from loopback.
 *
 * @returns an IPv4 or IPv6 address
 */
export const remoteAddress = ({ socket, headers }: IncomingMessage): string => {
  const peer = plain(socket.remoteAddress ?? '');
  if (!loopback.test(peer)) return peer;
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim() ?? '';
  return isIP(forwarded) === 0 ? peer : plain(forwarded);
};

/** What quotas count: an IPv4 address, or the /64 of an IPv6 one, which is what one customer has (RFC 6177). */
export const networkOf = (address: string): string => {
  if (isIP(address) !== 6) return address;
  return `${expand(address).slice(0, 4).join(':')}::/64`;
};

// Sockets that listen for both families show IPv4 peers as IPv6 (RFC 4291 s. 2.5.5.2).
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

const expand = (address: string): string[] => {
  const [head = '', tail = ''] = (address.split('%')[0] ?? '').split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  // A dotted quad at the end stands for two groups.
  const quads = after.some((group) => group.includes('.')) ? 1 : 0;
  const zeros = Math.max(0, 8 - before.length - after.length - quads);
  return [...before, ...new Array<string>(zeros).fill('0'), ...after].map((group) => group.toLowerCase());
};
