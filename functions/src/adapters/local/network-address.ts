import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

const loopback = /^(127\.|::1$)/;

/** Stands for everybody behind a proxy on this machine that does not say whom it speaks for. */
export const unknownAddress = '0.0.0.0';

/** What `remoteAddress` looks at. */
export interface Arrival extends Pick<IncomingMessage, 'headers' | 'httpVersion'> {
  readonly socket: { readonly remoteAddress?: string };
}

/**
 * Where a request comes from. A proxy on this machine is believed about whom it speaks for, except that this be the
 * machine itself: nobody else can come from loopback, and what is open to loopback is not open to its visitors.
 *
 * @returns an IPv4 or IPv6 address; `unknownAddress` when it came by a proxy that does not tell
 */
export const remoteAddress = (request: Arrival): string => {
  const peer = plain(request.socket.remoteAddress ?? '');
  if (!loopback.test(peer)) return peer;
  // The proxy adds its peer at the end; what stands before was written by that peer.
  const last = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim() ?? '';
  const forwarded = isIP(last) === 0 ? '' : plain(last);
  if (forwarded !== '' && !loopback.test(forwarded)) return forwarded;
  return isByProxy(request) ? unknownAddress : peer;
};

const proxyFields = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

/** Signs of a proxy: what it adds, the version that nginx speaks by default, or a host that is not this machine. */
const isByProxy = ({ headers, httpVersion }: Arrival): boolean =>
  httpVersion === '1.0' || proxyFields.some((field) => headers[field] !== undefined) || !isThisMachine(headers.host);

const isThisMachine = (host = ''): boolean => {
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  const isLocal = name === 'localhost' || name.endsWith('.localhost') || name === hostname().toLowerCase();
  return isLocal || loopback.test(name.replace(/^\[|\]$/g, ''));
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
