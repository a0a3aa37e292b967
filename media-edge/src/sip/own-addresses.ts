import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../ports/clock.ts';

/** The machine's own addresses, as far as our port listens on them. */
export interface OwnAddresses {
  has(address: string): boolean;
  /** One that a packet of ours reaches us at: not loopback, where there is another. */
  readonly main: string;
}

export interface OwnAddressOptions {
  readonly clock: Clock;
  /** What is bound; `0.0.0.0` and `::` stand for every address. */
  readonly bound: readonly string[];
  readonly publicAddress?: string;
}

const rememberMs = 10_000;

/** Addresses come and go with networks, so they are looked up anew every 10 s. */
export function ownAddresses({ clock, bound, publicAddress }: OwnAddressOptions): OwnAddresses {
  const isEvery = bound.some((address) => address === '0.0.0.0' || address === '::');
  let known: { addresses: readonly string[]; until: number } = { addresses: [], until: 0 };
  const all = () => {
    if (known.until <= clock.now())
      known = { addresses: isEvery ? interfaceAddresses() : bound, until: clock.now() + rememberMs };
    return known.addresses;
  };
  return {
    has: (address) => address === publicAddress || all().includes(address) || (isEvery && isLoopback(address)),
    get main() {
      const addresses = all().toSorted((a, b) => Number(isIPv6(a)) - Number(isIPv6(b)));
      return (
        addresses.find((address) => !isLoopback(address) && !address.startsWith('fe80')) ?? addresses[0] ?? '127.0.0.1'
      );
    },
  };
}

const interfaceAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));

/** The whole of 127/8 is this machine. */
const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
