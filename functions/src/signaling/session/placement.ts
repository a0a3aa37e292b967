import type { SessionOwner } from '../../ports/sessions.ts';
import { pickEdge } from '../edge/pick.ts';
import { RequestError } from '../errors.ts';
import type { Services } from '../services.ts';

/**
 * The edge for a new session.
 *
 * @throws RequestError when no edge takes calls
 */
export const placeSession = async ({ directory, edgeLink, crypto }: Services): Promise<SessionOwner> => {
  const edge = pickEdge(await directory.alive(), edgeLink.isLinked.bind(edgeLink), crypto.below);
  if (edge === undefined) throw new RequestError('no-edge', 'No media server is available, try again later');
  return { edge: edge.edge, generation: edge.generation };
};
