import type { EdgeRecord } from '../../ports/edges.ts';

/**
 * Picks the edge for a new call: one that takes calls, linked if possible, the less loaded of two drawn at random.
 * What is known of loads is some seconds old: were the least loaded of all picked, every call of those seconds would go there.
 *
 * @param alive edges whose lease is good
 * @param below a random integer from 0 to one less than its argument
 */
export const pickEdge = (
  alive: readonly EdgeRecord[],
  isLinked: (edge: EdgeRecord) => boolean,
  below: (limit: number) => number,
): EdgeRecord | undefined => {
  const open = alive.filter((edge) => !edge.load.draining);
  const linked = open.filter(isLinked);
  return lessLoaded(...drawTwo(linked.length > 0 ? linked : open, below));
};

/** Two different ones, as long as there are two. */
const drawTwo = (edges: readonly EdgeRecord[], below: (limit: number) => number) => {
  if (edges.length <= 2) return edges;
  const first = below(edges.length);
  const second = (first + 1 + below(edges.length - 1)) % edges.length;
  return [first, second].map((index) => edges[index]);
};

const lessLoaded = (one?: EdgeRecord, other?: EdgeRecord): EdgeRecord | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return (other.load.calls - one.load.calls || other.load.cpu - one.load.cpu) < 0 ? other : one;
};
