import { encode } from '@sylk/protocol/codec.ts';
import type { Aor, ConnectionId } from '@sylk/protocol/ids.ts';
import type { AccountEvent } from '@sylk/protocol/sylkrtc/events.ts';
import type { RegisteredDevice } from '../../ports/devices.ts';
import { provenDevices } from '../elsewhere/line.ts';
import type { Services } from '../services.ts';

type Untold<News> = News extends unknown ? Omit<News, 'sylkrtc' | 'account'> : never;

/** An event of an account, before it says how the client wrote the account. */
export type AccountNews = Untold<AccountEvent>;

/** The signed-in connections of an account but one. */
export const othersOf = async (
  services: Services,
  aor: Aor,
  except?: ConnectionId,
): Promise<readonly RegisteredDevice[]> => {
  const devices = await devicesOf(services, aor);
  return devices.filter(({ connection }) => connection !== except);
};

/**
 * What is told is stored: whoever is not reached finds it later.
 *
 * @returns whether anybody was reached
 */
export const tell = async (
  { sender }: Services,
  devices: readonly RegisteredDevice[],
  news: AccountNews,
): Promise<boolean> => {
  const told = await Promise.all(
    devices.map(({ connection, account }) =>
      sender.post(connection, encode({ sylkrtc: 'account-event', account, ...news })),
    ),
  );
  return told.includes('sent');
};

/** Tells all signed-in connections of an account but one. @returns whether anybody was reached */
export const tellDevices = async (
  services: Services,
  aor: Aor,
  news: AccountNews,
  except?: ConnectionId,
): Promise<boolean> => tell(services, await othersOf(services, aor, except), news);

/** Of an account elsewhere only those that have shown its password: the others are registered as well, in vain. */
const devicesOf = async (services: Services, aor: Aor): Promise<readonly RegisteredDevice[]> => {
  const devices = await services.store.devices.of(aor, services.clock.now());
  if (devices.every(({ credentials }) => credentials === undefined)) return devices;
  return (await provenDevices(services, aor))?.devices ?? [];
};
