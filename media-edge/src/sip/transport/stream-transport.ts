import type { Socket } from 'node:net';
import type { Target } from './resolver.ts';

/** A connection that messages can pass by. */
export interface ReadyStream {
  readonly socket: Socket;
  /** As in `Flow`. */
  readonly identities: readonly string[];
}

/** What TCP and TLS do differently: how a connection gets from the network to where messages can pass. */
export interface StreamTransport {
  readonly protocol: 'TCP' | 'TLS';
  /**
   * Takes over a connection that was accepted; destroys it when it comes to nothing.
   *
   * @param ready called at most once, when it is ready
   * @param failed told in words why it comes to nothing
   */
  accept(socket: Socket, ready: (stream: ReadyStream) => void, failed: (reason: string) => void): void;
  /**
   * Opens one.
   *
   * @param from our address to leave from; absent: the kernel chooses
   * @param signal ends the attempt
   * @throws Error in words when it does not come up, or the peer is not who it should be
   */
  connect(target: Target, from: string | undefined, signal: AbortSignal): Promise<ReadyStream>;
  close(): void;
}
