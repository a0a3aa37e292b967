import type { ConnectionId } from '@sylk/protocol/ids.ts';

/** Something to be done by another run of the signaling, soon. */
export type FollowUp =
  /** Tell a new connection that it may speak; `attempt` counts from 1. */
  | { readonly kind: 'ready'; readonly connection: ConnectionId; readonly attempt: number }
  /** Look after the media edges. */
  | { readonly kind: 'watch-edges' };

/** Where work is left for later. It is done at least once: twice must do no harm. */
export interface FollowUps {
  /** @param delayS how long it waits at least, in whole seconds up to 900 */
  leave(job: FollowUp, delayS: number): Promise<void>;
}
