import { isIPv6 } from 'node:net';
import { unmapped } from '../../network/peer-networks.ts';

/** The RTP port of a leg of ours. */
export interface OwnStream {
  /** Even; RTCP is on the one above. */
  readonly port: number;
  /** True for calls that we make: their offers are known to the peer before anybody answers. */
  readonly isDialled: boolean;
  /** Where its media goes, once the peer has named that. */
  readonly remote: { readonly address: string; readonly port: number } | undefined;
}

export interface OwnStreamsOptions {
  /** True for addresses of ours. */
  readonly isOwn: (address: string) => boolean;
  readonly sipPort: number;
  /** For the media of browsers, both ends included. */
  readonly browserPorts?: { readonly first: number; readonly last: number };
}

/**
 * Knows which ports are ours, so that nobody has us send media to ourselves: two echoes would feed each other for ever.
 * A call of ours that comes back to us by way of a proxy may: its two legs then name each other.
 */
export class OwnStreams {
  readonly #options: OwnStreamsOptions;
  readonly #byPort = new Map<number, OwnStream>();

  constructor(options: OwnStreamsOptions) {
    this.#options = options;
  }

  add(stream: OwnStream): void {
    this.#byPort.set(stream.port, stream);
  }

  remove(stream: OwnStream): void {
    if (this.#byPort.get(stream.port) === stream) this.#byPort.delete(stream.port);
  }

  /**
   * @param asker whose media would go there; absent before it has a port
   * @returns why it may not, or `undefined` when it may
   */
  refusal({ address, port }: { address: string; port: number }, asker?: OwnStream): string | undefined {
    if (!this.#options.isOwn(unmapped(address))) return undefined;
    const named = this.#byPort.get(port - (port % 2));
    if (named === undefined && !this.#isFixed(port)) return undefined;
    if (named?.port === port && isOtherEnd(named, asker)) return undefined;
    return `${isIPv6(address) ? `[${address}]` : address}:${port} is a port of this gateway itself`;
  }

  #isFixed(port: number): boolean {
    const { sipPort, browserPorts: { first, last } = { first: 0, last: -1 } } = this.#options;
    return port === sipPort || (port >= first && port <= last);
  }
}

const isOtherEnd = (named: OwnStream, asker: OwnStream | undefined): boolean => {
  if (named === asker) return false;
  if (named.remote === undefined) return named.isDialled;
  return named.remote.port === asker?.port;
};
