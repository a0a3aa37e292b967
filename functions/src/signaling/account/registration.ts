import { maxDevicesPerAccount } from '@sylk/protocol/limits.ts';
import type { RegistrationStateEvent } from '@sylk/protocol/sylkrtc/events.ts';
import type { AccountRegister, AccountUnregister } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Account } from '../../ports/accounts.ts';
import type { AddedAccount } from '../../ports/connections.ts';
import type { RegisteredDevice } from '../../ports/devices.ts';
import { registerElsewhere } from '../elsewhere/register.ts';
import { type AddedElsewhere, isElsewhere } from '../elsewhere/secret.ts';
import { releaseElsewhere } from '../elsewhere/sign-out.ts';
import { acknowledged, type Outcome } from '../outcome.ts';
import type { Asker, Services } from '../services.ts';
import { ringThisDeviceToo } from '../session/device-ready.ts';
import { requireAdded } from './added.ts';
import { contactPolicyEvents } from './contact-policy.ts';
import { renewByUse, standingOf } from './standing.ts';

/** `account-register`: the device rings for the account from now on, if the password was right. */
export const accountRegister = async (services: Services, asker: Asker, request: AccountRegister): Promise<Outcome> => {
  const added = await requireAdded(services, asker, request.account, ' for register');
  if (isElsewhere(added)) return registerAtProvider(services, asker, request, added);
  const { account, failure } = await register(services, asker, added);
  const { aor, device } = added;
  services.log.info({ connectionId: asker.connection, aor, device, failure }, 'an account was registered or refused');
  const registering: RegistrationStateEvent = { ...stateOf(added), state: 'registering' };
  if (account === undefined) {
    const failed: RegistrationStateEvent = { ...stateOf(added), state: 'failed', reason: failure };
    return { ...acknowledged(request), events: [registering, failed] };
  }
  const registered: RegistrationStateEvent = { ...stateOf(added), state: 'registered' };
  return {
    ...acknowledged(request),
    events: [registering, registered, ...contactPolicyEvents(added.account, account)],
    missedCallsOf: added,
    commands: await ringThisDeviceToo(services, asker, added),
  };
};

/** `account-unregister`: the device rings no longer. No event follows: the client knows by the ack. */
export const accountUnregister = async (
  services: Services,
  asker: Asker,
  request: AccountUnregister,
): Promise<Outcome> => {
  const added = await requireAdded(services, asker, request.account, ' for unregister');
  await services.store.devices.unregister(added.aor, added.device, asker.connection);
  return { ...acknowledged(request), commands: await releaseElsewhere(services, added) };
};

/** The device is there for the account at once, but rings and calls only when the provider has taken its password. */
const registerAtProvider = async (
  services: Services,
  asker: Asker,
  request: AccountRegister,
  added: AddedElsewhere,
): Promise<Outcome> => {
  const devices = await services.store.devices.of(added.aor, services.clock.now());
  if (!(await hasRoom(services, added, devices))) {
    const failed = { ...stateOf(added), state: 'failed', reason: '403 Too many devices' } as const;
    return { ...acknowledged(request), events: [failed] };
  }
  await services.store.devices.register(toDevice(services, asker, added));
  return registerElsewhere(services, asker, request, added);
};

/** The head of a `registration-state` event. */
export const stateOf = ({ account }: { readonly account: string }) =>
  ({ sylkrtc: 'account-event', account, event: 'registration-state' }) as const;

type Registered =
  | { readonly account: Account; readonly failure?: undefined }
  /** In the form `<code> <phrase>`. */
  | { readonly account?: undefined; readonly failure: string };

const register = async (services: Services, asker: Asker, added: AddedAccount): Promise<Registered> => {
  const { store, clock } = services;
  const { account, devices } = await store.accounts.findWithDevices(added.aor, clock.now());
  // Unknown addresses and wrong passwords look the same.
  if (account === undefined || !added.isVerified) return { failure: wrongPassword };
  const refusal = refusalOf(account, clock.now());
  if (refusal !== undefined) return { failure: refusal };
  if (!(await hasRoom(services, added, devices))) return { failure: '403 Too many devices' };
  await store.devices.register(toDevice(services, asker, added));
  await renewByUse(store.accounts, account, clock.now());
  return { account };
};

/** What clients know it by. */
const wrongPassword = '904 Authentication failed';

/** Told to the owner only. */
const refusalOf = (account: Account, at: number): string | undefined => {
  switch (standingOf(account, at)) {
    case 'active':
      return undefined;
    case 'expired':
      return '410 Gone';
    case 'blocked':
      return '403 Forbidden';
    case 'removed':
      return wrongPassword;
  }
};

// Two devices that sign in at the same instant may both find the last place free: one too many does no harm.
const hasRoom = async (
  { store, clock }: Services,
  added: AddedAccount,
  devices: readonly RegisteredDevice[],
): Promise<boolean> => {
  if (devices.some(({ device }) => device === added.device)) return true;
  if (devices.length < maxDevicesPerAccount) return true;
  const left = await Promise.all(
    devices.map(async (device) => ({ device, isOpen: await isOpen(store, clock.now(), device) })),
  );
  const dead = left.filter(({ isOpen }) => !isOpen);
  for (const { device } of dead) await store.devices.unregister(device.aor, device.device, device.connection);
  return dead.length > 0;
};

const isOpen = async (store: Services['store'], at: number, { connection }: RegisteredDevice): Promise<boolean> =>
  (await store.connections.find(connection, at)) !== undefined;

const toDevice = ({ clock, settings }: Services, asker: Asker, added: AddedAccount): RegisteredDevice => ({
  aor: added.aor,
  device: added.device,
  connection: asker.connection,
  account: added.account,
  displayName: added.displayName,
  headerPrefixes: added.headerPrefixes,
  ...(added.elsewhere === undefined ? {} : { credentials: added.elsewhere.credentials }),
  registeredAt: clock.now(),
  expiresAt: clock.now() + settings.maxConnectionAgeMs,
});
