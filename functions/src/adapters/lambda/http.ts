import { crossOriginHeaders, preflight } from '../../http/cross-origin.ts';
import { type HttpRequest, type HttpResponse, json, text } from '../../http/message.ts';
import { maxBodyBytes } from '../../http/request-path.ts';
import { answer, answersOptions, type Route } from '../../http/router.ts';
import type { Log } from '../../ports/log.ts';
import { type HttpAnswer, type HttpEvent, lowerCased, type RunContext } from './events.ts';
import { withinTime } from './time-limit.ts';
import { type Front, visitorAddress } from './visitor.ts';

export interface HttpOptions {
  readonly routes: readonly Route[];
  readonly log: Log;
  isOriginAllowed(origin: string | undefined, host: string | undefined): boolean;
  networkOf(address: string): string;
  front(): Promise<Front | undefined>;
}

/** What is left for an answer before the platform gives its own, in ms. */
const lastWordMs = 1_000;

/** The HTTP API: one request, by the routes that a machine of its own answers as well. */
export const httpHandler =
  (options: HttpOptions) =>
  async (event: HttpEvent, context: RunContext): Promise<HttpAnswer> => {
    const request = await toRequest(options, event);
    if (typeof request === 'number') return toAnswer({ ...json(request, {}), body: '' }, {});
    const isApart = answersOptions(options.routes, request.path);
    const shared = isApart ? {} : crossOriginHeaders(request.headers.origin, request.isOriginAllowed);
    if (request.method === 'OPTIONS' && !isApart) return toAnswer(preflight(request.isOriginAllowed), shared);
    return toAnswer(await answerInTime(options, request, context), shared);
  };

const answerInTime = async (
  { routes, log }: HttpOptions,
  request: HttpRequest,
  context: RunContext,
): Promise<HttpResponse> => {
  let answered: HttpResponse = json(503, { error: 'the server took too long, try again' });
  const limitMs = Math.max(0, context.getRemainingTimeInMillis() - lastWordMs);
  const path = `/${request.path.join('/')}`;
  try {
    const isDone = await withinTime(limitMs, async (limit) => {
      const response = (await answer(routes, request)) ?? text(404, 'not found\n');
      if (!limit.isOver()) answered = response;
    });
    if (!isDone) log.error({ path, limitMs }, 'an HTTP request took too long');
  } catch (error) {
    log.error({ err: error, path }, 'an HTTP request failed unexpectedly');
    answered = text(500, 'internal error\n');
  }
  return answered;
};

/** @returns the HTTP status to refuse it with, when it is too large */
const toRequest = async (options: HttpOptions, event: HttpEvent): Promise<HttpRequest | number> => {
  const headers = lowerCased(event.headers);
  const { method, sourceIp } = event.requestContext.http;
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > maxBodyBytes) return 413;
  const address = visitorAddress(headers, sourceIp, await options.front());
  return {
    method,
    // An HTTP API has decoded it already, in spite of the name.
    path: event.rawPath.split('/').slice(1),
    query: Object.fromEntries(new URLSearchParams(event.rawQueryString)),
    headers,
    body: body.toString('utf8'),
    address,
    network: options.networkOf(address),
    isOriginAllowed: options.isOriginAllowed(headers.origin, headers.host),
  };
};

const toAnswer = ({ status, headers, body }: HttpResponse, shared: HttpAnswer['headers']): HttpAnswer => ({
  statusCode: status,
  headers: { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', ...headers, ...shared },
  body,
});
