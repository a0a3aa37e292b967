import type { RingingPhone } from '@sylk/protocol/edge/phones.ts';
import type { Aor, EdgeId } from '@sylk/protocol/ids.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import { pickEdge } from '../edge/pick.ts';
import type { AddressedCommand } from '../outcome.ts';
import type { Services } from '../services.ts';
import type { Delivery } from './deliver.ts';

/** The orders to send copies of a text that a page has written; what becomes of them is told to nobody. */
export const copiesFor = async (
  services: Services,
  phones: readonly RingingPhone[],
  { from, to, text }: Delivery & { readonly from: { readonly uri: Aor } },
): Promise<readonly AddressedCommand[]> => {
  if (phones.length === 0) return [];
  const { id: message, contentType, content, timestamp, disposition } = text;
  const wishes = { wantsDelivery: disposition.length > 0, wantsDisplay: disposition.length > 0 };
  const at = Math.max(0, Date.parse(timestamp));
  const page = { kind: 'message', message, contentType, content, at, ...wishes } as const;
  const { uri: aor, display_name } = from;
  const writer = typeof display_name === 'string' ? { aor, displayName: display_name } : { aor };
  const edges = await Promise.all(phones.map(({ edge }) => edgeFor(services, edge)));
  return phones.flatMap(({ edge: _, ...place }, index) => {
    const edge = edges[index];
    const order = { id: services.crypto.token(12), ttlMs: commandTtlMs };
    return edge === undefined
      ? []
      : [{ to: edge, command: { kind: 'page', ...order, from: writer, to, place, page } as const }];
  });
};

/** The one that the phone has registered at; if that is gone any, as a phone may be reached from others. */
const edgeFor = async ({ directory, edgeLink, crypto }: Services, wanted: EdgeId): Promise<EdgeId | undefined> => {
  const alive = await directory.alive();
  if (alive.some((one) => one.edge === wanted && edgeLink.isLinked(one))) return wanted;
  return pickEdge(alive, edgeLink.isLinked.bind(edgeLink), crypto.below)?.edge;
};
