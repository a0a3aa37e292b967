import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import type { EdgeRecord } from './edges.ts';

/** The way to a media edge. */
export interface EdgeLink {
  /**
   * Hands a command over and waits for the edge's word that it has it. A way that hears no such word may take it
   * as given, except for commands that ask; the edge tells browsers itself then what it could not carry out.
   *
   * @throws EdgeUnreachable when no socket of the edge took it within its time to live
   */
  send(edge: EdgeId, command: EdgeCommand): Promise<CommandDone>;
  /** Whether, as far as is known, a socket of the edge is open right now: a hint for placing new calls. */
  isLinked(edge: EdgeRecord): boolean;
}

/** No word came from the edge; whether it has carried the command out is unknown. */
export class EdgeUnreachable extends Error {
  constructor(edge: EdgeId) {
    super(`edge ${edge} does not answer`);
    this.name = 'EdgeUnreachable';
  }
}
