import { ladderOf } from '@sylk/protocol/edge/codec.ts';
import type { CallLadder, CommandDone } from '@sylk/protocol/edge/commands.ts';
import { type EdgeId, sessionId } from '@sylk/protocol/ids.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import type { Account } from '../ports/accounts.ts';
import { askEdge } from '../signaling/edge/ask.ts';
import type { Services } from '../signaling/services.ts';
import { requireAccount } from './basic-auth.ts';
import { ladderText } from './ladder-text.ts';
import { HttpError, type HttpRequest, type HttpResponse, json, text } from './message.ts';
import type { Parameters, Route } from './router.ts';

/** What happened in a call, for the account that had it. */
export const callRoutes = (services: Services): readonly Route[] => [
  { path: '/api/calls/:session', methods: { GET: (request, parameters) => showLadder(services, request, parameters) } },
];

const showLadder = async (
  services: Services,
  request: HttpRequest,
  { session = '' }: Parameters,
): Promise<HttpResponse> => {
  const account = await requireAccount(services, request);
  const ladder = await findLadder(services, account, session);
  if (ladder === undefined) throw new HttpError(404, `no call ${session} of ${account.aor} is remembered`);
  const wantsText = /\btext\/plain\b/.test(request.headers.accept ?? '');
  return wantsText ? text(200, ladderText(ladder)) : json(200, ladder);
};

// The record of a session ends with it, its ladder stays a while: so all edges are asked.
const findLadder = async (services: Services, { aor }: Account, session: string): Promise<CallLadder | undefined> => {
  const edges = await services.directory.alive();
  const answers = await Promise.all(edges.map(({ edge }) => askForLadder(services, edge, { aor, session })));
  const found = answers.find((done) => done?.ok === true);
  return found && ladderOf(found.result);
};

const askForLadder = (
  services: Services,
  edge: EdgeId,
  { aor, session }: { readonly aor: Account['aor']; readonly session: string },
): Promise<CommandDone | undefined> => {
  const id = services.crypto.token(12);
  return askEdge(services, edge, { kind: 'ladder', id, ttlMs: commandTtlMs, aor, session: sessionId(session) });
};
