import { encode } from '@sylk/protocol/codec.ts';
import { elsewherePerNetwork, elsewhereWindowMs } from '@sylk/protocol/limits.ts';
import type { RegistrationStateEvent } from '@sylk/protocol/sylkrtc/events.ts';
import type { AccountCredentials, AccountRegister } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Registration } from '../../ports/registrations.ts';
import { askersRecord, requireAdded } from '../account/added.ts';
import { askEdge } from '../edge/ask.ts';
import { pickEdge } from '../edge/pick.ts';
import { RequestError } from '../errors.ts';
import { type AddressedCommand, acknowledged, type Outcome } from '../outcome.ts';
import type { Asker, Services } from '../services.ts';
import { ringThisDeviceToo } from '../session/device-ready.ts';
import { registerOrder } from './order.ts';
import { type AddedElsewhere, isElsewhere, withKey } from './secret.ts';

/** `registration-state` of an account, as the client wrote it. */
const stateOf = ({ account }: { readonly account: string }) =>
  ({ sylkrtc: 'account-event', account, event: 'registration-state' }) as const;

export const failedEvent = (of: { readonly account: string }, reason: string): RegistrationStateEvent => ({
  ...stateOf(of),
  state: 'failed',
  reason,
});

export const registeredEvent = (of: { readonly account: string }): RegistrationStateEvent => ({
  ...stateOf(of),
  state: 'registered',
});

/**
 * `account-register` of an account at a provider elsewhere: an edge registers it there. One registration serves all
 * devices that know the same password; another password is tried, and takes nothing from them if it is wrong.
 */
export const registerElsewhere = async (
  services: Services,
  asker: Asker,
  request: AccountRegister,
  added: AddedElsewhere,
): Promise<Outcome> => {
  const registering: RegistrationStateEvent = { ...stateOf(added), state: 'registering' };
  const known = await ownedRegistration(services, added);
  if (known?.state === 'registered' && known.credentials === added.elsewhere.credentials) {
    const commands = await ringThisDeviceToo(services, asker, added);
    return { ...acknowledged(request), events: [registering, registeredEvent(added)], missedCallsOf: added, commands };
  }
  const order = (await hasQuota(services, asker)) ? await orderFor(services, added, known) : undefined;
  if (order !== undefined) return { ...acknowledged(request), events: [registering], commands: [order] };
  const refused = failedEvent(added, '503 No media server is available, try again later');
  return { ...acknowledged(request), events: [registering, refused] };
};

/** `account-credentials`: the client has made the HA1 that the provider wants. */
export const accountCredentials = async (
  services: Services,
  asker: Asker,
  request: AccountCredentials,
): Promise<Outcome> => {
  const added = await requireAdded(services, asker, request.account, ' for credentials');
  const stored = await services.store.registrations.find(added.aor);
  if (!isElsewhere(added) || stored === undefined || stored.credentials !== added.elsewhere.credentials)
    throw new RequestError('not-authenticated', 'No credentials are asked for');
  if (!(await hasQuota(services, asker))) throw new RequestError('quota', 'Too many registrations, try again later');
  const { realm, algorithm, ha1 } = request;
  const key = { username: added.aor.slice(0, added.aor.lastIndexOf('@')), realm, algorithm, ha1 };
  const next = await change(services, stored, { secret: await withKey(services, added.aor, stored.secret, key) });
  return { ...acknowledged(request), commands: [await registerOrder(services, next.owner, next)] };
};

/** What is stored, as long as its edge is there. */
const ownedRegistration = async (services: Services, { aor }: AddedElsewhere): Promise<Registration | undefined> => {
  const stored = await services.store.registrations.find(aor);
  return stored && (await services.directory.isAlive(stored.owner)) ? stored : undefined;
};

/** @returns undefined when no edge can do it */
const orderFor = async (
  services: Services,
  added: AddedElsewhere,
  known: Registration | undefined,
): Promise<AddressedCommand | undefined> => {
  const { credentials, secret } = added.elsewhere;
  // A password that differs from the one that works is only tried: its state comes with its own name.
  if (known?.state === 'registered') return registerOrder(services, known.owner, { ...known, credentials, secret });
  const current = await begin(services, added, known);
  return current && registerOrder(services, current.owner, current);
};

/** Makes this account's registration that of these credentials, at the edge that has it already or at another one. */
const begin = async (
  services: Services,
  { aor, elsewhere }: AddedElsewhere,
  known: Registration | undefined,
): Promise<Registration | undefined> => {
  const { credentials, secret } = elsewhere;
  // HA1s that were asked for later are with the registration, not with the device.
  if (known !== undefined && known.credentials === credentials)
    return change(services, known, { state: 'registering' });
  if (known !== undefined) return change(services, known, { state: 'registering', credentials, secret });
  const owner = await freeEdge(services);
  if (owner === undefined) return undefined;
  const stored = await services.store.registrations.find(aor);
  if (stored !== undefined)
    return change(services, stored, {
      owner,
      state: 'registering',
      ...(stored.credentials === credentials ? {} : { credentials, secret }),
    });
  const first = { aor, owner, credentials, secret, contact: newContact(services), state: 'registering' } as const;
  const registration: Registration = { ...first, version: 1, claimant: services.crypto.token(12) };
  return (await services.store.registrations.put(registration)) ? registration : services.store.registrations.find(aor);
};

export const freeEdge = async ({ directory, edgeLink, crypto }: Services) => {
  const edge = pickEdge(await directory.alive(), edgeLink.isLinked.bind(edgeLink), crypto.below);
  return edge && { edge: edge.edge, generation: edge.generation };
};

/** @returns what is stored then: this change, or what somebody else was faster with */
export const change = async (
  { store, crypto }: Services,
  stored: Registration,
  changes: Partial<Registration>,
): Promise<Registration> => {
  const next = { ...stored, ...changes, version: stored.version + 1, claimant: crypto.token(12) };
  if (await store.registrations.put(next)) return next;
  return (await store.registrations.find(stored.aor)) ?? next;
};

/** 128 bits that nobody can guess, in the form of a UUID's digits, which the edge makes an instance id of (RFC 5626 s. 4.1). */
const newContact = ({ crypto }: Services): string => `u${crypto.sha256(crypto.token(32)).slice(0, 32)}`;

// A page must not use us to try passwords at somebody else's server.
const hasQuota = async (services: Services, asker: Asker): Promise<boolean> => {
  const { store, clock, observer } = services;
  const quota = { kind: 'elsewhere', windowMs: elsewhereWindowMs, limit: elsewherePerNetwork };
  const { network } = await askersRecord(services, asker);
  const { granted } = await store.quotas.take(quota, network, clock.now());
  if (!granted) observer.quotaReached(quota.kind);
  return granted;
};

/** The edge did not take the order: the client learns that nothing came of it. */
export const orderLost = async (services: Services, { to, command }: AddressedCommand): Promise<void> => {
  if (command.kind !== 'register-elsewhere') return;
  const { aor, credentials } = command.account;
  const stored = await services.store.registrations.find(aor);
  // It may have come by another way meanwhile: an edge that is back is told again.
  if (stored?.state === 'registered' && stored.credentials === credentials) return;
  services.log.warn({ edgeId: to, aor }, 'an edge did not take an account elsewhere');
  const devices = await services.store.devices.of(aor, services.clock.now());
  const own = devices.filter((device) => device.credentials === credentials);
  const reason = '503 The media server does not answer, try again';
  await Promise.all(own.map((device) => services.sender.post(device.connection, encode(failedEvent(device, reason)))));
};

/** Sends an order that no request waits for. */
export const give = async (services: Services, order: AddressedCommand): Promise<boolean> =>
  (await askEdge(services, order.to, order.command))?.ok === true;
