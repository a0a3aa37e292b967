import type { MediaAddress } from '../client/sdp-lines.ts';

/** How a call ended, for the list of calls and for the sentence. */
export interface CallEnd {
  readonly reason: string;
  readonly isByMe: boolean;
  readonly hasRung: boolean;
  readonly wasEstablished: boolean;
  readonly durationMs: number;
  /** Places of the gateway, none of which could be reached. */
  readonly unreached?: readonly MediaAddress[];
}

/** Whether these are the gateway's words for a media path that was never there. */
export const wasNeverReached = (reason: string): boolean => /\bICE failed/i.test(reason);
