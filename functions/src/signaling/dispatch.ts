import { encode } from '@sylk/protocol/codec.ts';
import type { ConnectionId } from '@sylk/protocol/ids.ts';
import type { ServerMessage } from '@sylk/protocol/sylkrtc/events.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';
import { accountAdd } from './account/add.ts';
import { accountAllow, accountBlock } from './account/contact-policy.ts';
import { tellMissedCalls } from './account/missed-calls.ts';
import { accountRegister, accountUnregister } from './account/registration.ts';
import { accountRemove } from './account/remove.ts';
import { connectionGone } from './connection.ts';
import { askEdge } from './edge/ask.ts';
import { accountCredentials, orderLost } from './elsewhere/register.ts';
import { type Refusal, RequestError } from './errors.ts';
import {
  accountDisposition,
  accountMarkRead,
  accountMessage,
  accountRemoveConversation,
  accountRemoveMessage,
  accountSync,
  lookupPublicKey,
} from './message/requests.ts';
import { type AddressedCommand, acknowledged, type Outcome } from './outcome.ts';
import type { Asker, Services } from './services.ts';
import { keyOf, sessionCreate } from './session/create.ts';
import { endSession } from './session/end.ts';
import { sessionRequest } from './session/requests.ts';
import { sessionResume } from './session/resume.ts';

/**
 * Carries one valid request out: finds its handler, then does what the handler wants done, in order.
 * Resolves when the request is answered, here or by the edge that took it. Never rejects for what a client sent.
 */
export const dispatch = async (services: Services, connection: ConnectionId, request: Request): Promise<void> => {
  const startedAt = services.clock.now();
  const { watched, isGone } = watchingSender(services);
  const outcome = await handleOrRefuse(watched, connection, request);
  if (isGone()) await connectionGone(services, connection);
  services.observer.requestDone(request.sylkrtc, outcome, services.clock.now() - startedAt);
};

/** Notices when the client is not there to read what it asked for. */
const watchingSender = (services: Services) => {
  let hasFailed = false;
  const post: Services['sender']['post'] = async (connection, frame) => {
    const delivery = await services.sender.post(connection, frame);
    hasFailed ||= delivery === 'gone';
    return delivery;
  };
  const close: Services['sender']['close'] = (connection) => services.sender.close(connection);
  return { watched: { ...services, sender: { post, close } }, isGone: () => hasFailed };
};

const handleOrRefuse = async (services: Services, connection: ConnectionId, request: Request) => {
  try {
    const outcome = await handle(services, { connection }, request);
    await perform(services, connection, request, outcome);
    return outcome.reply === undefined ? 'forwarded' : 'acknowledged';
  } catch (error) {
    const { code, text } = refusalOf(services, connection, request, error);
    await post(services, connection, { sylkrtc: 'error', transaction: request.transaction, error: text });
    return code;
  }
};

const refusalOf = (
  { log }: Services,
  connection: ConnectionId,
  { sylkrtc }: Request,
  error: unknown,
): { code: Refusal; text: string } => {
  if (error instanceof RequestError) return { code: error.code, text: error.message };
  log.error({ connectionId: connection, request: sylkrtc, err: error }, 'a request failed unexpectedly');
  return { code: 'internal', text: 'Internal error' };
};

const handle = async (services: Services, asker: Asker, request: Request): Promise<Outcome> => {
  switch (request.sylkrtc) {
    case 'ping':
      return acknowledged(request);
    case 'account-add':
      return accountAdd(services, asker, request);
    case 'account-remove':
      return accountRemove(services, asker, request);
    case 'account-register':
      return accountRegister(services, asker, request);
    case 'account-credentials':
      return accountCredentials(services, asker, request);
    case 'account-unregister':
      return accountUnregister(services, asker, request);
    case 'account-block':
      return accountBlock(services, asker, request);
    case 'account-allow':
      return accountAllow(services, asker, request);
    case 'session-create':
      return sessionCreate(services, asker, request);
    case 'session-resume':
      return sessionResume(services, asker, request);
    case 'session-answer':
    case 'session-trickle':
    case 'session-terminate':
    case 'session-update':
    case 'session-message':
    case 'session-dtmf-info':
    case 'session-ack':
    case 'session-ringing':
    case 'session-transfer':
      return sessionRequest(services, asker, request);
    case 'account-message':
      return accountMessage(services, asker, request);
    case 'account-disposition-notification':
      return accountDisposition(services, asker, request);
    case 'account-sync-conversations':
      return accountSync(services, asker, request);
    case 'account-mark-conversation-read':
      return accountMarkRead(services, asker, request);
    case 'account-remove-message':
      return accountRemoveMessage(services, asker, request);
    case 'account-remove-conversation':
      return accountRemoveConversation(services, asker, request);
    case 'lookup-public-key':
      return lookupPublicKey(services, request);
    default:
      throw new RequestError('not-available', `${request.sylkrtc} is not available on this server`);
  }
};

const perform = async (services: Services, connection: ConnectionId, request: Request, outcome: Outcome) => {
  const { reply, events = [], missedCallsOf, commands = [] } = outcome;
  if (reply !== undefined) await post(services, connection, reply);
  for (const event of events) await post(services, connection, event);
  if (missedCallsOf !== undefined) await tellMissedCalls(services, { ...missedCallsOf, connection }, 'later');
  for (const command of commands) await send(services, request, command);
};

const post = async ({ sender }: Services, connection: ConnectionId, message: ServerMessage): Promise<void> => {
  await sender.post(connection, encode(message));
};

/** Hands a command over; if its edge does not take it, nobody else answers the request. */
const send = async (services: Services, request: Request, { to, command }: AddressedCommand): Promise<void> => {
  const done = await askEdge(services, to, command);
  if (done?.ok === true) return;
  if (done !== undefined)
    services.log.warn({ edgeId: to, command: command.kind, error: done.error }, 'an edge refused');
  // A copy for a phone: the message is kept, whatever becomes of that.
  if (command.kind === 'page' && command.place !== undefined) return;
  if (command.kind === 'device-ready' || command.kind === 'unregister-elsewhere') return;
  if (command.kind === 'register-elsewhere') return orderLost(services, { to, command });
  if (command.kind === 'request' && command.request.sylkrtc === 'session-create') {
    await endSession(services, keyOf(command.from, command.request));
  }
  throw new RequestError('no-edge', `The media server does not answer to ${request.sylkrtc}, try again`);
};
