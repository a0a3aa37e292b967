import { BlockList, isIP, isIPv6 } from 'node:net';

/** Says whom the gateway may send to: every public address, and the private ones that the operator named. */
export interface PeerNetworks {
  /** Why nothing may be sent to this address (an IP literal), or `undefined` when it may. */
  refusal(address: string): string | undefined;
  /** True inside the networks that the operator named. */
  isTrusted(address: string): boolean;
  /** True for addresses that each private network uses for itself (RFC 1918, RFC 6598, RFC 4193). */
  isPrivate(address: string): boolean;
}

/**
 * @param trusted networks as `address/prefix`, or single addresses
 * @throws Error when one is not a network
 */
export function peerNetworks(trusted: readonly string[]): PeerNetworks {
  const named = new BlockList();
  for (const network of trusted) addNetwork(named, network);
  const isTrusted = (address: string) => isIP(address) !== 0 && contains(named, unmapped(address));
  return {
    isTrusted,
    isPrivate: (address) => isIP(address) !== 0 && kindOf(unmapped(address)) === privateKind,
    refusal(address) {
      if (isIP(address) === 0) return `'${address}' is not an IP address`;
      const plain = unmapped(address);
      const kind = kindOf(plain);
      if (kind === undefined) return undefined;
      if (isTrusted(plain) && !neverAPeer.has(kind)) return undefined;
      return `${address} is ${kind}, not a network that may be called (see SYLK_PEER_NETWORKS)`;
    },
  };
}

/** An interface of the machine, as `os.networkInterfaces()` lists it. */
export interface InterfaceAddress {
  readonly address: string;
  readonly cidr: string | null;
  readonly internal: boolean;
}

/** The networks apart from the Internet that the machine is in: what may be called when the operator says nothing. */
export function ownPrivateNetworks(addresses: readonly InterfaceAddress[]): string[] {
  return addresses.flatMap(({ address, cidr, internal }) =>
    !internal && cidr !== null && likePrivate.has(kindOf(address) ?? '') ? [cidr] : [],
  );
}

type Kind = string;
const privateKind: Kind = 'a private address';

/** Not a host, whatever the operator wrote. */
const neverAPeer = new Set<Kind>(['a multicast address', 'the unspecified address', 'the broadcast address']);

/** Laboratories number their networks from the last two as well. */
const likePrivate = new Set<Kind>([privateKind, 'a documentation address', 'a reserved address']);

/** RFC 6890 and its registries; the first match names the address. */
const special: readonly (readonly [Kind, readonly string[]])[] = [
  ['the unspecified address', ['0.0.0.0/8', '::/128']],
  ['the broadcast address', ['255.255.255.255/32']],
  ['a loopback address', ['127.0.0.0/8', '::1/128']],
  ['a metadata address', ['169.254.169.254/32', '169.254.170.2/32', '100.100.100.200/32', 'fd00:ec2::/32']],
  ['a link-local address', ['169.254.0.0/16', 'fe80::/10', 'fec0::/10']],
  [privateKind, ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']],
  ['a documentation address', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']],
  ['a multicast address', ['224.0.0.0/4', 'ff00::/8']],
  ['a reserved address', ['240.0.0.0/4', '192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15', '100::/64', '2001::/23']],
];

const specialLists = special.map(([kind, networks]) => {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  return { kind, list };
});

function kindOf(address: string): Kind | undefined {
  return specialLists.find(({ list }) => contains(list, address))?.kind;
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function addNetwork(list: BlockList, text: string): void {
  const [address = '', prefix] = text.split('/');
  const bits = isIPv6(address) ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  const isWhole = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (isIP(address) === 0 || !isWhole || length > bits) {
    throw new Error(`not a network: '${text}', expected for instance 10.0.0.0/8 or fd00::/8`);
  }
  list.addSubnet(address, length, bits === 128 ? 'ipv6' : 'ipv4');
}

/** Prefixes under which an IPv6 address stands for an IPv4 one, and the group where that one begins. */
const carriers: readonly (readonly [string, number])[] = [
  ['::ffff:0:0/96', 6], // RFC 4291 s. 2.5.5.2
  ['::/96', 6], // RFC 4291 s. 2.5.5.1, deprecated
  ['64:ff9b::/96', 6], // RFC 6052 s. 2.1
  ['2002::/16', 1], // RFC 3056 s. 2
];

const carrierLists = carriers.map(([network, at]) => {
  const list = new BlockList();
  addNetwork(list, network);
  return { list, at };
});

/** The IPv4 address inside an IPv6 one, where it only wraps it: the packet ends up there. */
export function unmapped(address: string): string {
  const bare = address.split('%')[0] ?? address;
  if (!isIPv6(bare) || bare === '::' || bare === '::1') return bare;
  const carrier = carrierLists.find(({ list }) => list.check(bare, 'ipv6'));
  if (carrier === undefined) return bare;
  const groups = ipv6Groups(bare);
  const high = groups[carrier.at] ?? 0;
  const low = groups[carrier.at + 1] ?? 0;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight 16-bit groups of a valid IPv6 literal. */
function ipv6Groups(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted === null ? address : dottedTail(dotted);
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(middle).fill('0'), ...right].map((group) => Number.parseInt(group, 16));
}

function dottedTail([, head = '', a, b, c, d]: RegExpExecArray): string {
  const high = Number(a) * 256 + Number(b);
  const low = Number(c) * 256 + Number(d);
  return `${head}${high.toString(16)}:${low.toString(16)}`;
}
