import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject } from '@sylk/protocol/json.ts';
import type { HttpApiDefinition } from './deployment.ts';
import { at, listAt, objectAt } from './json-path.ts';
import { account, region } from './physical-names.ts';
import { TokenBucket } from './token-bucket.ts';

export interface HttpApiOptions {
  readonly definition: HttpApiDefinition;
  /** @throws FunctionError */
  invoke(functionArn: string, path: string, event: unknown): Promise<unknown>;
  onLog(text: string): void;
}

/** An HTTP API of API Gateway, payload 2.0, all of whose paths lead to one function. */
export class HttpApi {
  readonly definition: HttpApiDefinition;
  readonly #options: HttpApiOptions;
  readonly #throttle: TokenBucket;

  constructor(options: HttpApiOptions) {
    this.#options = options;
    this.definition = options.definition;
    const { rate, burst } = options.definition.throttle;
    this.#throttle = new TokenBucket(rate, burst, Date.now());
  }

  /** @param path of the request, with its query */
  async answer(request: IncomingMessage, body: Buffer, path: string, response: ServerResponse): Promise<void> {
    if (!this.#throttle.take(Date.now())) {
      response.writeHead(429).end('{"message":"Too Many Requests"}');
      return;
    }
    if (!isReadable(path)) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"Bad Request"}');
      return;
    }
    try {
      const event = eventOf(this.definition, request, body, path);
      send(response, await this.#options.invoke(this.definition.functionArn, '$default/$default', event));
    } catch (error) {
      this.#options.onLog(`an HTTP request failed: ${error}`);
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}');
    }
  }
}

const isReadable = (path: string): boolean => {
  try {
    return decodeURIComponent(path) !== '';
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
};

const eventOf = ({ id }: HttpApiDefinition, request: IncomingMessage, body: Buffer, path: string) => {
  const [encodedPath = '/', rawQueryString = ''] = path.split('?');
  // API Gateway decodes it, and loses what follows a question mark in it.
  const [rawPath = '/'] = decodeURIComponent(encodedPath).split('?');
  const { cookie, ...others } = request.headers;
  const isText = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded))/.test(
    others['content-type'] ?? '',
  );
  const domainName = `${id}.execute-api.${region}.amazonaws.com`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, [value].flat().join(',')])),
    requestContext: {
      accountId: account,
      apiId: id,
      domainName,
      domainPrefix: id,
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress?.replace('::ffff:', ''),
        userAgent: others['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
};

/** What a function returned, as HTTP; without `statusCode` all of it is the body. */
const send = (response: ServerResponse, answer: unknown): void => {
  if (!isJsonObject(answer) || answer.statusCode === undefined) {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    return;
  }
  for (const [name, value] of Object.entries(objectAt(answer, 'headers'))) response.setHeader(name, String(value));
  const cookies = listAt(answer, 'cookies').map(String);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const body = Buffer.from(String(at(answer, 'body') ?? ''), answer.isBase64Encoded === true ? 'base64' : 'utf8');
  response.writeHead(Number(answer.statusCode)).end(body);
};
