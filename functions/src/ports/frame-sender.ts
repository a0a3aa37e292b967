import type { ConnectionId } from '@sylk/protocol/ids.ts';

/** The way to a browser. */
export interface FrameSender {
  /** Sends one frame. @returns `gone` when the connection is closed; frames to it are lost */
  post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'>;
  /** Closes a connection, if it is open after all: a client whose frame was lost has to come anew. Safe to repeat. */
  close(connection: ConnectionId): Promise<void>;
}
