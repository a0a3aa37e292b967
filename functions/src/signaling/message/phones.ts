import type { RingingPhone } from '@sylk/protocol/edge/phones.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { Services } from '../services.ts';

/** The phones of an account that get a copy of a text: none of what they could not show. */
export const phonesFor = async (
  { store, clock }: Services,
  account: Aor,
  contentType: string,
): Promise<readonly RingingPhone[]> => {
  if (!/^text\/(?:plain|html)\b/i.test(contentType)) return [];
  return (await store.phones.of(account, clock.now())).map(({ place, edge }) => ({ ...place, edge }));
};
