import type { PageAnswer } from '@sylk/protocol/edge/pages.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { Account } from '../../ports/accounts.ts';
import { standingOf } from '../account/standing.ts';
import { give } from '../elsewhere/register.ts';
import { ownAor } from '../own-domain.ts';
import type { Services } from '../services.ts';
import { copiesFor } from './copies.ts';

/** A text of this type asks for a token, and brings it: `{"token":...,"url":...}`. */
export const historyTokenType = 'application/sylk-api-token';

/** Where the history of an account is read by HTTP; its address follows. */
export const historyPath = '/webrtcgateway/messages/history';

const lifetimeMs = 31 * 86_400_000;
const tokenQuota = { kind: 'history-tokens', windowMs: 3_600_000, limit: 20 };

/**
 * A phone that has shown the password of its account asks for the token by which the history of that account is read.
 * All phones of the account get it: there is one token, and it replaces the former.
 *
 * @param proven whose password was shown
 */
export const historyTokenAsked = async (
  services: Services,
  to: Aor | undefined,
  proven: Aor | undefined,
): Promise<PageAnswer> => {
  const { store, clock, crypto, domain, settings } = services;
  const own = proven && ownAor(domain, proven);
  if (own === undefined || own !== to) return { status: 'forbidden' };
  const { account, phones } = await store.accounts.findWithDevices(own, clock.now());
  if (account === undefined || standingOf(account, clock.now()) !== 'active') return { status: 'forbidden' };
  // A token that reaches nobody would only end the former one.
  if (phones.length === 0) return { status: 'unknown' };
  const answer = await store.quotas.take(tokenQuota, own, clock.now());
  if (!answer.granted) return { status: 'limited', retryAfterS: Math.ceil(answer.retryAfterMs / 1000) };
  const token = crypto.token(32);
  // First, as a phone reads with it as soon as it has it.
  await store.accounts.setHistoryToken(own, { hash: crypto.sha256(token), expiresAt: clock.now() + lifetimeMs });
  const content = JSON.stringify({ token, url: `${settings.webOrigin}${historyPath}/${encodeURIComponent(own)}` });
  const text = { id: crypto.token(12), contentType: historyTokenType, content, disposition: [] };
  const timestamp = new Date(clock.now()).toISOString();
  const places = phones.map(({ place, edge }) => ({ ...place, edge }));
  const delivery = { from: { uri: own }, to: own, text: { ...text, timestamp }, isPassing: true };
  const orders = await copiesFor(services, places, delivery);
  const given = await Promise.all(orders.map((order) => give(services, order)));
  if (given.includes(true)) return { status: 'stored' };
  if (account.historyToken) await store.accounts.setHistoryToken(own, account.historyToken);
  return { status: 'limited', retryAfterS: 5 };
};

/** Whether this is the token of that account; takes as long for an account that is not there. */
export const opensHistory = (
  { clock, crypto }: Services,
  account: Account | undefined,
  token: string,
): account is Account => {
  const { hash, expiresAt } = account?.historyToken ?? { hash: crypto.sha256(''), expiresAt: 0 };
  const isRight = crypto.isEqual(crypto.sha256(token), hash);
  return isRight && account !== undefined && expiresAt > clock.now() && standingOf(account, clock.now()) === 'active';
};
