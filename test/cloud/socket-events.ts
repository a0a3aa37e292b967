import { randomBytes, randomUUID } from 'node:crypto';
import { account, region } from './physical-names.ts';

/** What API Gateway tells about one WebSocket with each of its events. */
export interface SocketFacts {
  readonly id: string;
  readonly apiId: string;
  readonly stage: string;
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  /** What the authoriser said: texts only. */
  readonly authorizer: Readonly<Record<string, string>> | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** Fifteen letters and a sign that has to be escaped in a path. */
export const newConnectionId = (): string => `${randomBytes(11).toString('base64url')}=`;

export const connectEvent = (facts: SocketFacts, headers: Headers, query: Headers) => ({
  headers,
  multiValueHeaders: listed(headers),
  // Absent and not empty when there is no query.
  ...(Object.keys(query).length > 0 && {
    queryStringParameters: query,
    multiValueQueryStringParameters: listed(query),
  }),
  requestContext: contextOf(facts, '$connect', 'CONNECT'),
  isBase64Encoded: false,
});

export const messageEvent = (facts: SocketFacts, routeKey: string, body: string) => ({
  requestContext: { ...contextOf(facts, routeKey, 'MESSAGE'), messageId: newConnectionId() },
  body,
  isBase64Encoded: false,
});

export const disconnectEvent = (facts: SocketFacts, code: number, reason: string) => ({
  headers: { Host: hostOf(facts), 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' },
  requestContext: {
    ...contextOf(facts, '$disconnect', 'DISCONNECT'),
    disconnectStatusCode: code,
    disconnectReason: reason,
  },
  isBase64Encoded: false,
});

/** To an authoriser of the kind REQUEST. */
export const authorizerEvent = (facts: SocketFacts, headers: Headers, query: Headers) => ({
  ...connectEvent(facts, headers, query),
  queryStringParameters: query,
  type: 'REQUEST',
  methodArn: executionArn(facts, '$connect'),
});

/** What a function is called for, as rights name it. */
export const executionArn = ({ apiId, stage }: Pick<SocketFacts, 'apiId' | 'stage'>, rest: string): string =>
  `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${rest}`;

const hostOf = ({ apiId }: SocketFacts): string => `${apiId}.execute-api.${region}.amazonaws.com`;

const listed = (values: Headers): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));

const contextOf = (facts: SocketFacts, routeKey: string, eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT') => {
  const requestId = randomUUID();
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: new Date().toUTCString(),
    messageDirection: 'IN',
    stage: facts.stage,
    connectedAt: facts.connectedAt,
    requestTimeEpoch: Date.now(),
    identity: { sourceIp: facts.sourceIp, ...(facts.userAgent !== undefined && { userAgent: facts.userAgent }) },
    requestId,
    domainName: hostOf(facts),
    connectionId: facts.id,
    apiId: facts.apiId,
    ...(facts.authorizer !== undefined && { authorizer: facts.authorizer }),
  };
};
