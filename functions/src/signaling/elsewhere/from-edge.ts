import { encode } from '@sylk/protocol/codec.ts';
import type { ElsewhereState, WantedKey } from '@sylk/protocol/edge/elsewhere.ts';
import type { Aor, EdgeId } from '@sylk/protocol/ids.ts';
import { wrongPasswordsPerNetwork, wrongPasswordsWindowMs } from '@sylk/protocol/limits.ts';
import type { RegisteredDevice } from '../../ports/devices.ts';
import type { Registration } from '../../ports/registrations.ts';
import { tellMissedCalls } from '../account/missed-calls.ts';
import type { Services } from '../services.ts';
import { ringThisDeviceToo } from '../session/device-ready.ts';
import { change, failedEvent, give, registeredEvent } from './register.ts';

export interface ElsewhereReport {
  readonly edge: EdgeId;
  readonly generation: number;
  readonly aor: Aor;
  readonly credentials: string;
  readonly outcome: ElsewhereState;
}

/**
 * An edge tells what became of an account at its provider, or that it still is registered.
 *
 * @returns whether somebody still wants it
 */
export const elsewhere = async (
  services: Services,
  report: ElsewhereReport,
): Promise<{ wanted: boolean; moved: boolean }> => {
  const { aor, edge, generation, credentials, outcome } = report;
  const stored = await services.store.registrations.find(aor);
  const isOwner = stored?.owner.edge === edge && stored.owner.generation === generation;
  if (stored === undefined || !isOwner) return { wanted: false, moved: stored !== undefined };
  const devices = await services.store.devices.of(aor, services.clock.now());
  const own = devices.filter((device) => device.credentials === credentials);
  if (outcome.state === 'registered') await registered(services, { stored, credentials, devices, own });
  else await failed(services, { stored, credentials, devices, own }, outcome);
  // Asked with each refresh: a page that reloads is back before that, one that was closed is not.
  if (devices.length > 0) return { wanted: true, moved: false };
  await services.store.registrations.remove(aor, stored.version);
  return { wanted: false, moved: false };
};

interface Told {
  readonly stored: Registration;
  readonly credentials: string;
  readonly devices: readonly RegisteredDevice[];
  /** Those that gave these credentials. */
  readonly own: readonly RegisteredDevice[];
}

const registered = async (services: Services, { stored, credentials, devices, own }: Told): Promise<void> => {
  const isNews = stored.state !== 'registered' || stored.credentials !== credentials;
  if (!isNews) return;
  const secret = stored.credentials === credentials ? stored.secret : await secretOf(services, own, credentials);
  if (secret === undefined) return;
  await change(services, stored, { state: 'registered', credentials, secret });
  const former = devices.filter((device) => !own.includes(device));
  await Promise.all(former.map((device) => post(services, device, failedEvent(device, '904 Authentication failed'))));
  await Promise.all(own.map((device) => welcome(services, device)));
};

const welcome = async (services: Services, device: RegisteredDevice): Promise<void> => {
  await post(services, device, registeredEvent(device));
  await tellMissedCalls(services, device, 'later');
  const orders = await ringThisDeviceToo(services, device, device);
  await Promise.all(orders.map((order) => give(services, order)));
};

const failed = async (
  services: Services,
  { stored, credentials, own }: Told,
  { reason, wanted = [] }: Extract<ElsewhereState, { state: 'failed' }>,
): Promise<void> => {
  const isOfRegistration = stored.credentials === credentials;
  if (isOfRegistration) await change(services, stored, { state: 'failed' });
  if (reason.startsWith('904')) await countWrong(services, own);
  const [first] = isOfRegistration ? wanted : [];
  await Promise.all(own.map((device) => tellFailure(services, device, reason, first)));
};

/** A client that can make the HA1 is asked for it; it does so once, so that nobody goes in circles. */
const tellFailure = async (
  services: Services,
  device: RegisteredDevice,
  reason: string,
  wanted: WantedKey | undefined,
): Promise<void> => {
  const { account } = device;
  if (wanted === undefined || !(await answersChallenges(services, device)))
    return post(services, device, failedEvent(device, reason));
  const { realm, algorithm } = wanted;
  await post(services, device, { sylkrtc: 'account-event', account, event: 'challenge', realm, algorithm });
};

const answersChallenges = async (services: Services, device: RegisteredDevice): Promise<boolean> =>
  (await addedOn(services, device))?.elsewhere?.answersChallenges ?? false;

const secretOf = async (
  services: Services,
  own: readonly RegisteredDevice[],
  credentials: string,
): Promise<string | undefined> => {
  const added = await Promise.all(own.map((device) => addedOn(services, device)));
  return added.find((one) => one?.elsewhere?.credentials === credentials)?.elsewhere?.secret;
};

const addedOn = async ({ store, clock }: Services, { connection, aor }: RegisteredDevice) => {
  const record = await store.connections.find(connection, clock.now());
  return record?.accounts.find((added) => added.aor === aor);
};

// As at our own domain: too many wrong passwords from one network, and none is tried any more.
const countWrong = async ({ store, clock }: Services, own: readonly RegisteredDevice[]): Promise<void> => {
  const quota = { kind: 'network-passwords', windowMs: wrongPasswordsWindowMs, limit: wrongPasswordsPerNetwork };
  for (const { connection } of own) {
    const record = await store.connections.find(connection, clock.now());
    if (record !== undefined) await store.quotas.take(quota, record.network, clock.now());
  }
};

const post = async (
  { sender }: Services,
  { connection }: RegisteredDevice,
  event: Parameters<typeof encode>[0],
): Promise<void> => {
  await sender.post(connection, encode(event));
};
