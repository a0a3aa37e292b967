import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../ports/clock.ts';

/** Which of our addresses a peer reaches us at. */
export interface LocalAddresses {
  /** The address that packets towards this peer leave from; what is bound for it. @throws Error when there is no route */
  towards(peer: string): Promise<string>;
  /** What a peer is told instead of `local`: the public address, where a NAT is between. */
  announced(local: string, peer: string): string;
}

export interface LocalAddressOptions {
  readonly clock: Clock;
  /** Our address as the Internet sees it, where it differs from those of the machine. */
  readonly publicAddress?: string;
  /** Peers in these networks are on our side of the NAT. */
  readonly isNear: (peer: string) => boolean;
}

/** Routes change when a machine moves, but not from call to call. */
const rememberMs = 10_000;
const maxRemembered = 1_000;

/** Asks the kernel's routing table: a UDP socket that is connected has its source address, and nothing is sent. */
export function localAddresses({ clock, publicAddress, isNear }: LocalAddressOptions): LocalAddresses {
  const known = new Map<string, { address: string; until: number }>();
  return {
    async towards(peer) {
      const remembered = known.get(peer);
      if (remembered !== undefined && remembered.until > clock.now()) return remembered.address;
      const address = await sourceAddress(peer);
      if (known.size >= maxRemembered) known.clear();
      known.set(peer, { address, until: clock.now() + rememberMs });
      return address;
    },
    announced(local, peer) {
      if (publicAddress === undefined || isNear(peer) || isIPv6(publicAddress) !== isIPv6(peer)) return local;
      return publicAddress;
    },
  };
}

function sourceAddress(peer: string): Promise<string> {
  const socket = createSocket(isIPv6(peer) ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    // Any port does: connecting a UDP socket only looks the route up. The types leave out that a failure comes here too.
    socket.connect(9, peer, (...[cause]: readonly unknown[]) => {
      const found = cause === undefined || cause === null ? socket.address().address : undefined;
      socket.close();
      if (found !== undefined) return resolve(found);
      reject(new Error(`no route to ${peer}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }));
    });
  });
}
