import { networkInterfaces } from 'node:os';

/** What SIP binds: the address that was set, else every one of each IP version that the machine has. */
export function bindAddresses(set: string | undefined): readonly string[] {
  if (set !== undefined) return [set];
  return families().has('IPv6') ? ['0.0.0.0', '::'] : ['0.0.0.0'];
}

/** An IPv4 address at which the probe finds our own SIP port: not loopback, where there is another. */
export function probeAddress(set: string | undefined): string {
  if (set !== undefined && set !== '0.0.0.0' && set !== '::') return set;
  return all().find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

const all = () => Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
const families = () => new Set<string>(all().map(({ family }) => family));
