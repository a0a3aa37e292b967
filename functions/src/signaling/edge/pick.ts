import type { EdgeId } from '@sylk/protocol/ids.ts';
import type { EdgeRecord } from '../../ports/edges.ts';

/**
 * Picks the edge for a new call: one that takes calls, linked if possible, with the fewest calls.
 *
 * @param alive edges whose lease is good
 */
export const pickEdge = (alive: readonly EdgeRecord[], isLinked: (edge: EdgeId) => boolean): EdgeRecord | undefined => {
  const open = alive.filter((edge) => !edge.load.draining);
  const linked = open.filter(({ edge }) => isLinked(edge));
  const candidates = linked.length > 0 ? linked : open;
  return candidates.toSorted((one, other) => one.load.calls - other.load.calls || one.load.cpu - other.load.cpu)[0];
};
