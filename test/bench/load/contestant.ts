import type { PeerProcess } from '../../peers/process.ts';

/** One gateway in the comparison: starts alone, takes calls from a browser's offer to a SIP address. */
export interface Contestant {
  readonly name: string;
  /** Its processes, whose CPU and memory count. */
  readonly processes: readonly PeerProcess[];
  /** How a load generator reaches it; passed on as JSON. */
  readonly access: unknown;
  stop(): Promise<void>;
}

/** The client side of a contestant, in the load generator. */
export interface Caller {
  /** Ready for so many calls more (1): signed in, connected. Safe to repeat. */
  open(calls?: number): Promise<void>;
  /**
   * Sends the request; `sentAt` is the time just before the bytes went out.
   * @returns the answer's SDP, and how to end the call
   */
  call(to: string, offer: string): { sentAt: number; answer: Promise<string>; hangUp(): void };
  close(): void;
}
