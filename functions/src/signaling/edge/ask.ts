import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { EdgeUnreachable } from '../../ports/edge-link.ts';
import type { Services } from '../services.ts';

/** Sends a command that no request waits for. @returns undefined when the edge cannot be reached */
export const askEdge = async (
  { edgeLink, observer, clock, log }: Services,
  edge: EdgeId,
  command: EdgeCommand,
): Promise<CommandDone | undefined> => {
  const startedAt = clock.now();
  const done = await edgeLink.send(edge, command).catch((error: unknown) => {
    if (!(error instanceof EdgeUnreachable)) throw error;
    log.warn({ edgeId: edge, command: command.kind }, error.message);
    return undefined;
  });
  observer.commandDone(command.kind, done?.ok ?? false, clock.now() - startedAt);
  return done;
};
