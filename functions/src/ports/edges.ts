import type { EdgeLoad } from '@sylk/protocol/edge/reports.ts';
import type { ConnectionId, EdgeId } from '@sylk/protocol/ids.ts';

/** A media edge in its present life. Times in ms since 1970. */
export interface EdgeRecord {
  readonly edge: EdgeId;
  /** Start of the process; a higher one ends the sessions of the lower. */
  readonly generation: number;
  readonly version: string;
  readonly load: EdgeLoad;
  /** When the lease was last renewed. */
  readonly renewedAt: number;
  readonly status: 'alive' | 'lost';
  /** The sockets of this generation, newest last, where they end at an API apart from the process that uses them. */
  readonly sockets: readonly ConnectionId[];
}

export type EdgeGreeting = Omit<EdgeRecord, 'status' | 'sockets'>;

/** The media edges and their leases: one item an edge. */
export interface Edges {
  /**
   * Takes an edge in, unless a younger generation of it is known. The same generation again renews its lease, but never revives a lost one.
   *
   * @returns the generation that is stored after the call
   */
  hello(greeting: EdgeGreeting): Promise<number>;
  /** @returns false when this generation was declared lost or replaced */
  renew(edge: EdgeId, generation: number, load: EdgeLoad, at: number): Promise<boolean>;
  /** Declares a generation lost if its lease is as old as `renewedBefore`. @returns whether this call did it */
  declareLost(edge: EdgeId, generation: number, renewedBefore: number): Promise<boolean>;
  /**
   * Notes a socket of a generation, once; the oldest of more than `maxEdgeSockets` is forgotten. A younger generation begins without any.
   *
   * @returns false when another generation is in charge
   */
  addSocket(edge: EdgeId, generation: number, socket: ConnectionId): Promise<boolean>;
  /** Forgets a socket that is closed. @returns those that are left */
  removeSocket(edge: EdgeId, socket: ConnectionId): Promise<readonly ConnectionId[]>;
  /** All edges, lost ones included. */
  list(): Promise<readonly EdgeRecord[]>;
  /** Forgets a lost edge that has nothing left. */
  forget(edge: EdgeId, generation: number): Promise<void>;
}
