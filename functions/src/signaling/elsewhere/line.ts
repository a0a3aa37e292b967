import type { Aor } from '@sylk/protocol/ids.ts';
import type { RegisteredDevice } from '../../ports/devices.ts';
import type { Registration } from '../../ports/registrations.ts';
import type { SessionOwner } from '../../ports/sessions.ts';
import { RequestError } from '../errors.ts';
import { requireGranted } from '../quota.ts';
import type { Services } from '../services.ts';
import type { AddedElsewhere } from './secret.ts';

type ProvenBy = Pick<AddedElsewhere, 'aor' | 'elsewhere'>;

/** The registration of an account elsewhere, if the provider has shown that the password of this device is right. */
export const provenRegistration = async (
  { store }: Services,
  { aor, elsewhere }: ProvenBy,
): Promise<Registration | undefined> => {
  const stored = await store.registrations.find(aor);
  return stored?.state === 'registered' && stored.credentials === elsewhere.credentials ? stored : undefined;
};

/**
 * The edge that calls of an account elsewhere leave by: the one that has it registered, whose address the provider knows.
 *
 * @throws RequestError unless the provider has shown that the password of this device is right
 */
export const lineOf = async (services: Services, { aor, elsewhere }: ProvenBy): Promise<SessionOwner> => {
  const { store, clock, settings, directory } = services;
  const stored = await provenRegistration(services, { aor, elsewhere });
  if (stored === undefined) throw new RequestError('not-authenticated', 'Account not authenticated');
  const quota = { kind: 'calls', windowMs: 60_000, limit: settings.callsPerMinute };
  requireGranted(services, quota, await store.quotas.take(quota, aor, clock.now()), 'calls');
  if (await directory.isAlive(stored.owner)) return stored.owner;
  throw new RequestError('no-edge', 'No media server is available, try again later');
};

/**
 * The devices that an edge may reach by its registration of an account elsewhere: those that gave the credentials that
 * it says the provider has taken. What is stored may still say `registering`: a provider may call at once.
 *
 * @returns undefined when that edge does not have the account
 */
export const devicesByRegistration = async (
  { store, clock }: Services,
  { aor, edge, generation, credentials }: SessionOwner & { readonly aor: Aor; readonly credentials: string },
): Promise<readonly RegisteredDevice[] | undefined> => {
  const owner = (await store.registrations.find(aor))?.owner;
  if (owner?.edge !== edge || owner.generation !== generation) return undefined;
  const devices = await store.devices.of(aor, clock.now());
  return devices.filter((device) => device.credentials === credentials);
};

/** Those devices of an account elsewhere that have shown its password; undefined when it is not registered. */
export const provenDevices = async (
  { store, clock }: Services,
  aor: Aor,
): Promise<{ readonly registration: Registration; readonly devices: readonly RegisteredDevice[] } | undefined> => {
  const registration = await store.registrations.find(aor);
  if (registration?.state !== 'registered') return undefined;
  const devices = await store.devices.of(aor, clock.now());
  return { registration, devices: devices.filter(({ credentials }) => credentials === registration.credentials) };
};
