import type { IncomingMessage } from 'node:http';
import type { AuthorizerDefinition, SocketApiDefinition } from './deployment.ts';
import type { Faults } from './faults.ts';
import { FunctionError } from './function-process.ts';
import { at, objectAt } from './json-path.ts';
import { authorizerEvent, connectEvent, newConnectionId, type SocketFacts } from './socket-events.ts';

export interface HandshakeOptions {
  readonly definition: SocketApiDefinition;
  readonly faults: Faults;
  /**
   * @param path of what the API calls it for, as in `v1/$connect`
   * @throws FunctionError
   */
  invoke(functionArn: string, path: string, event: unknown): Promise<unknown>;
}

type Texts = Readonly<Record<string, string>>;

/** A handshake that is refused. The message is the body of the answer. */
export class Refused extends Error {
  readonly status: number;

  constructor(body: string, { status, cause }: { readonly status: number; readonly cause?: unknown }) {
    super(body, { cause });
    this.name = 'Refused';
    this.status = status;
  }
}

const unauthorized = '{"message":"Unauthorized"}';
const internalError = '{"message":"Internal server error"}';

/**
 * Asks the authoriser and `$connect` whether a WebSocket may open.
 *
 * @returns what is known of the connection from now on, and the sub-protocol that the function chose
 * @throws Refused
 */
export const handshake = async (options: HandshakeOptions, request: IncomingMessage) => {
  const { definition, faults } = options;
  const headers = headersOf(request, faults);
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://any').searchParams);
  const stranger: SocketFacts = {
    id: newConnectionId(),
    apiId: definition.id,
    stage: definition.stage,
    connectedAt: Date.now(),
    sourceIp: request.socket.remoteAddress?.replace('::ffff:', '') ?? '',
    userAgent: request.headers['user-agent'],
    authorizer: undefined,
  };
  const authorizer =
    definition.authorizer && (await authorize(options, definition.authorizer, { facts: stranger, headers, query }));
  const facts = { ...stranger, authorizer };
  const answer = await connect(options, connectEvent(facts, headers, query));
  const status = Number(at(answer, 'statusCode') ?? 502);
  if (status < 200 || status > 299) throw new Refused(String(at(answer, 'body') ?? ''), { status });
  return { facts, protocol: headerOf(answer, 'sec-websocket-protocol') };
};

const connect = async ({ definition, invoke }: HandshakeOptions, event: unknown): Promise<unknown> => {
  const route = definition.routes.$connect;
  if (route === undefined) return { statusCode: 200 };
  try {
    return await invoke(route, `${definition.stage}/$connect`, event);
  } catch (cause) {
    throw new Refused(internalError, { status: 502, cause });
  }
};

interface Asking {
  readonly facts: SocketFacts;
  readonly headers: Texts;
  readonly query: Texts;
}

/** @returns what it says for all events to come: its context, as texts */
const authorize = async (
  { invoke }: HandshakeOptions,
  { id, functionArn, identitySources }: AuthorizerDefinition,
  { facts, headers, query }: Asking,
): Promise<Texts> => {
  const isComplete = identitySources.every((source) => identityOf(source, headers, query) !== undefined);
  if (!isComplete) throw new Refused(unauthorized, { status: 401 });
  const answer = await invoke(functionArn, `authorizers/${id}`, authorizerEvent(facts, headers, query)).catch(
    (cause: unknown) => {
      const isRefusal = cause instanceof FunctionError && cause.message === 'Unauthorized';
      throw isRefusal
        ? new Refused(unauthorized, { status: 401, cause })
        : new Refused(internalError, { status: 500, cause });
    },
  );
  if (at(answer, 'policyDocument', 'Statement', 0, 'Effect') !== 'Allow')
    throw new Refused('{"Message":"User is not authorized to access this resource"}', { status: 403 });
  const context = Object.entries(objectAt(answer, 'context')).map(([name, value]) => [name, String(value)]);
  return { principalId: String(at(answer, 'principalId')), ...Object.fromEntries(context) };
};

/** @param source such as `route.request.querystring.token` */
const identityOf = (source: string, headers: Texts, query: Texts): string | undefined => {
  const [, place, name = ''] = /^route\.request\.(querystring|header)\.(.+)$/.exec(source) ?? [];
  const value = place === 'querystring' ? query[name] : headers[name] || headers[name.toLowerCase()];
  return value || undefined;
};

/** As written by the client, or as a proxy wrote them. */
const headersOf = ({ rawHeaders }: IncomingMessage, faults: Faults): Texts => {
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(names.map((name, index) => [faults.headerName(name), rawHeaders[2 * index + 1] ?? '']));
};

const headerOf = (answer: unknown, name: string): string | undefined => {
  const found = Object.entries(objectAt(answer, 'headers')).find(([key]) => key.toLowerCase() === name);
  return found === undefined ? undefined : String(found[1]);
};
