import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import type { Event } from '@sylk/protocol/sylkrtc/events.ts';
import type { Reply } from '@sylk/protocol/sylkrtc/replies.ts';
import type { AddedAccount } from '../ports/connections.ts';

/** What a handler wants done, in this order. */
export interface Outcome {
  /** Absent when an edge answers the request. */
  readonly reply?: Reply;
  /** For the connection that asked. */
  readonly events?: readonly Event[];
  /** Tell the connection the calls that this account missed while its device was away. */
  readonly missedCallsOf?: AddedAccount;
  readonly commands?: readonly AddressedCommand[];
}

export interface AddressedCommand {
  readonly to: EdgeId;
  readonly command: EdgeCommand;
}

export const acknowledged = (request: { readonly transaction: string }): Outcome => ({
  reply: { sylkrtc: 'ack', transaction: request.transaction },
});
