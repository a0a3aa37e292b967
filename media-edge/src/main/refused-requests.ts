import { encode } from '@sylk/protocol/codec.ts';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import { sessionId } from '@sylk/protocol/ids.ts';
import type { Signaling } from '../ports/signaling.ts';
import type { Sessions } from '../session/sessions.ts';

/**
 * Tells the browser that its request could not be carried out, for signaling that does not wait to hear it.
 * A session that was to be created, and is not there, is over.
 */
export const refusalToBrowser =
  (signaling: Signaling, sessions: Sessions) =>
  async (command: EdgeCommand): Promise<void> => {
    if (command.kind !== 'request' && command.kind !== 'resume') return;
    const { from, request } = command;
    const error = `The media server does not answer to ${request.sylkrtc}, try again`;
    await signaling.post(from.connection, encode({ sylkrtc: 'error', transaction: request.transaction, error }));
    const key = { aor: from.aor, device: from.device, session: sessionId(request.session) };
    if (request.sylkrtc === 'session-create' && sessions.find(key) === undefined) await signaling.ended([key]);
  };
