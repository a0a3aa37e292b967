import type { Account } from '../ports/accounts.ts';
import { readHistory } from '../signaling/message/history.ts';
import { historyPath, opensHistory } from '../signaling/message/history-token.ts';
import { ownAor } from '../signaling/own-domain.ts';
import type { Services } from '../signaling/services.ts';
import { type HttpResponse, json, text, tooMany } from './message.ts';
import type { Handler, Route } from './router.ts';

const mostEntries = 5_000;
/**
 * A function's answer has at most 6 MB, and is a string in JSON there, whose escapes may double it. What does not fit is
 * asked for by the last id.
 */
const mostBytes = 2_900_000;

/** The history of an account for whoever has its token: `Authorization: Apikey <token>`. */
export const historyRoutes = (services: Services): readonly Route[] => {
  const methods = {
    GET: withToken(services, (account, messageId) => show(services, account, messageId)),
    OPTIONS: withToken(services, async () => allowed),
  };
  return [
    { path: `${historyPath}/:account`, methods },
    { path: `${historyPath}/:account/:message`, methods },
  ];
};

type Answer = (account: Account, messageId: string | undefined) => Promise<HttpResponse>;

/** Whatever is wrong, nothing more is said than that. */
const withToken =
  (services: Services, answer: Answer): Handler =>
  async ({ headers }, { account = '', message }) => {
    const token = /^Apikey ([\w-]+)$/.exec(headers.authorization ?? '')?.[1];
    const aor = ownAor(services.domain, account);
    const found = token === undefined || aor === undefined ? undefined : await services.store.accounts.find(aor);
    return opensHistory(services, found, token ?? '') ? answer(found, message) : text(401, 'Unauthorized');
  };

const show = async (services: Services, { aor }: Account, messageId: string | undefined): Promise<HttpResponse> => {
  const { store, clock, observer } = services;
  const answer = await store.quotas.take(quota, aor, clock.now());
  if (!answer.granted) {
    observer.quotaReached(quota.kind);
    throw tooMany(answer.retryAfterMs, 'requests');
  }
  const messages = await readHistory(services, aor, { messageId, limit: mostEntries }, mostBytes);
  return json(200, { account: aor, messages });
};

/** A whole history is read in some dozen parts. */
const quota = { kind: 'history-reads', windowMs: 60_000, limit: 120 };

const allowed: HttpResponse = {
  status: 204,
  headers: { allow: 'GET, HEAD, OPTIONS', 'cache-control': 'no-store' },
  body: '',
};
