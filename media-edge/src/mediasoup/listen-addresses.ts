/** Where browsers are met: one port on each address of the machine. */
import type { NetworkInterfaceInfo } from 'node:os';
import type { types } from 'mediasoup';

/** More are of no use: a browser pairs each with each of its own. */
const maxAddresses = 8;

/**
 * UDP and TCP on every address that another machine could use, IPv4 first.
 *
 * @param interfaces    as `os.networkInterfaces()` gives them
 * @param publicAddress how the machine is reached from the Internet, where that differs from its own addresses
 * @returns loopback alone on a machine without a network
 */
export function listenInfos(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  port: number,
  publicAddress: string | undefined,
): types.TransportListenInfo[] {
  const addresses = usableAddresses(interfaces);
  const isOwn = publicAddress === undefined || addresses.includes(publicAddress);
  const behind = isOwn
    ? undefined
    : (addresses.find((address) => isIpv6(address) === isIpv6(publicAddress)) ?? addresses[0]);
  return addresses.flatMap((ip) =>
    (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ip,
      port,
      ...(ip === behind ? { announcedAddress: publicAddress, exposeInternalIp: true } : {}),
    })),
  );
}

/** Link-local ones are left out: they mean nothing without the name of a link. */
export function usableAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  const all = Object.values(interfaces)
    .flatMap((entries) => entries ?? [])
    .filter((entry) => !entry.internal && !/^(fe80:|169\.254\.)/i.test(entry.address))
    .map((entry) => entry.address);
  const ordered = [...all.filter((address) => !isIpv6(address)), ...all.filter(isIpv6)];
  return ordered.length === 0 ? ['127.0.0.1'] : [...new Set(ordered)].slice(0, maxAddresses);
}

const isIpv6 = (address: string): boolean => address.includes(':');
