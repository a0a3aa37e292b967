import type { RelayEvent } from '../ports/relay.ts';
import type { Remote } from './latch.ts';

/** What a leg may do to the world. `start` and `bytes` name the part of the buffer to send. */
export interface LegWire {
  toInside(packet: Uint8Array, start: number, bytes: number): void;
  toPeer(packet: Uint8Array, start: number, bytes: number, to: Remote): void;
  /** From the RTCP socket. */
  reportToPeer(packet: Uint8Array, bytes: number, to: Remote): void;
  tell(event: RelayEvent): void;
}
