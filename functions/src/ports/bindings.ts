import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { ConnectionId, SessionId } from '@sylk/protocol/ids.ts';
import type { SessionOwner } from './sessions.ts';

/** What a connection's request about a session needs, in one read. Time in ms since 1970. */
export interface Binding {
  readonly session: SessionId;
  readonly from: Attachment;
  readonly owner: SessionOwner;
  /** Who made it: a repeated request finds its own. */
  readonly claimant: string;
  readonly expiresAt: number;
}

/** Which connection may speak for which session: one item for each pair. */
export interface Bindings {
  /**
   * Binds a session to `from.connection` unless another claimant has bound the same id there.
   * The claimant's own older binding is replaced, and so is one of the same session with a lower epoch.
   *
   * @returns false when the id is in use on this connection
   */
  bind(binding: Binding, at: number): Promise<boolean>;
  find(connection: ConnectionId, session: SessionId, at: number): Promise<Binding | undefined>;
  /** Removes a binding, unless it has risen above `epoch` meanwhile. */
  release(connection: ConnectionId, session: SessionId, epoch: number): Promise<void>;
  /**
   * Keeps an id from being bound on a connection, for a request that came after the one that ends it.
   *
   * @returns false when it is bound already
   */
  bar(connection: ConnectionId, session: SessionId, until: number, at: number): Promise<boolean>;
  /** All bindings of a connection. */
  of(connection: ConnectionId, at: number): Promise<readonly Binding[]>;
}
