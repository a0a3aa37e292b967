import type { ConnectionId } from '@sylk/protocol/ids.ts';

/** The way to a browser. */
export interface FrameSender {
  /** Sends one frame. @returns `gone` when the connection is closed; frames to it are lost */
  post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'>;
}
