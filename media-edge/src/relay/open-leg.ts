import type { LegPackets } from './leg-packets.ts';

/** A leg with its sockets, whoever reads them. */
export interface OpenLeg {
  readonly packets: LegPackets;
  /** Where the media plane sends, on 127.0.0.1. */
  readonly insidePort: number;
  /** The kernel then drops all that others send to the inner port. */
  connectInside(port: number): void;
  /** Digits wait: `packets.tick` is called until they are played. */
  playDigits(): void;
  close(): void;
}

/** How often events of RFC 4733 are sent (s. 2.5.1.2 wants the packet interval). */
export const digitIntervalMs = 20;
/** How often legs look for what did not come. */
export const watchIntervalMs = 250;
export const loopback = '127.0.0.1';
