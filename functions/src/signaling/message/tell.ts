import { encode } from '@sylk/protocol/codec.ts';
import type { Aor, ConnectionId } from '@sylk/protocol/ids.ts';
import type { AccountEvent } from '@sylk/protocol/sylkrtc/events.ts';
import type { Services } from '../services.ts';

type Untold<News> = News extends unknown ? Omit<News, 'sylkrtc' | 'account'> : never;

/** An event of an account, before it says how the client wrote the account. */
export type AccountNews = Untold<AccountEvent>;

/**
 * Tells all signed-in connections of an account but one. It is stored: whoever is not reached finds it later.
 *
 * @returns whether anybody was reached
 */
export const tellDevices = async (
  services: Services,
  aor: Aor,
  news: AccountNews,
  except?: ConnectionId,
): Promise<boolean> => {
  const devices = await services.store.devices.of(aor, services.clock.now());
  const others = devices.filter(({ connection }) => connection !== except);
  const told = await Promise.all(
    others.map(({ connection, account }) =>
      services.sender.post(connection, encode({ sylkrtc: 'account-event', account, ...news })),
    ),
  );
  return told.includes('sent');
};
