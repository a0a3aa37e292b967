import {
  givePermanentAddress,
  giveTemporaryAddress,
  type NewAddress,
  removeAddress,
} from '../signaling/account/addresses.ts';
import { ownAor } from '../signaling/own-domain.ts';
import type { Services } from '../signaling/services.ts';
import { type AddressWish, parseWish } from './address-wish.ts';
import { requireAccount } from './basic-auth.ts';
import { HttpError, type HttpRequest, type HttpResponse, json, noContent, tooMany } from './message.ts';
import type { Parameters, Route } from './router.ts';

/** Getting an address and giving it back. */
export const addressRoutes = (services: Services): readonly Route[] => [
  { path: '/api/addresses', methods: { POST: (request) => createAddress(services, request) } },
  {
    path: '/api/addresses/:address',
    methods: { DELETE: (request, parameters) => deleteAddress(services, request, parameters) },
  },
];

const createAddress = async (services: Services, request: HttpRequest): Promise<HttpResponse> => {
  if (!request.isOriginAllowed) throw new HttpError(403, 'this page may not get addresses here');
  const wish = parseWish(request);
  await takeAddressQuota(services, request.network);
  const { account, password } = await give(services, wish);
  return json(201, {
    address: account.aor,
    password,
    displayName: account.displayName,
    expiresAt: account.expiresAt === undefined ? null : new Date(account.expiresAt).toISOString(),
  });
};

const give = async (services: Services, wish: AddressWish): Promise<NewAddress> => {
  if (wish.lifetime === 'temporary') return giveTemporaryAddress(services);
  const given = await givePermanentAddress(services, wish);
  if (given === undefined)
    throw new HttpError(409, `the name ${wish.name} is taken, choose another`, { field: 'name' });
  return given;
};

const takeAddressQuota = async ({ store, clock, settings, observer }: Services, network: string): Promise<void> => {
  const quota = { kind: 'addresses', windowMs: 60 * 60_000, limit: settings.addressesPerHour };
  const taken = await store.quotas.take(quota, network, clock.now());
  if (taken.granted) return;
  observer.quotaReached(quota.kind);
  throw tooMany(taken.retryAfterMs, 'addresses');
};

const deleteAddress = async (
  services: Services,
  request: HttpRequest,
  { address = '' }: Parameters,
): Promise<HttpResponse> => {
  if (!request.isOriginAllowed) throw new HttpError(403, 'this page may not remove addresses here');
  const account = await requireAccount(services, request);
  if (ownAor(services.domain, address) !== account.aor) {
    throw new HttpError(403, `${account.aor} may not remove ${address}`);
  }
  await removeAddress(services, account.aor);
  return noContent;
};
