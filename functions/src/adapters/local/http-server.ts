import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { crossOriginHeaders, preflight } from '../../http/cross-origin.ts';
import type { HttpResponse } from '../../http/message.ts';
import { answer, answersOptions, type Route } from '../../http/router.ts';
import type { Log } from '../../ports/log.ts';
import { securityHeaders, sendPage } from './http-page.ts';
import { readRequest } from './http-request.ts';
import { remoteAddress, unknownAddress } from './network-address.ts';
import type { OriginRule } from './origins.ts';
import type { WebAssets } from './web-assets.ts';

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  /** Absent where there is no page. */
  readonly assets?: WebAssets;
  readonly origins: OriginRule;
  readonly log: Log;
  done(method: string, status: number): void;
}

/** Answers plain HTTP requests: the API by its routes, everything else by the page. */
export const httpListener = (options: HttpServerOptions): RequestListener => {
  const warn = proxyWarning(options.log);
  return (request, response) => {
    warn(remoteAddress(request));
    serve(options, request, response)
      .then((status) => options.done(request.method ?? '', status))
      .catch((error: unknown) => {
        options.log.error({ err: error, path: request.url?.split('?')[0] }, 'an HTTP request failed unexpectedly');
        if (!response.headersSent) response.statusCode = 500;
        response.end('internal error\n');
      });
  };
};

/** All visitors of such a proxy share one quota, which its operator should know. */
const proxyWarning = (log: Log) => {
  let isTold = false;
  return (address: string): void => {
    if (isTold || address !== unknownAddress) return;
    isTold = true;
    log.warn(
      { address },
      'a proxy does not say whom it speaks for: have it set X-Forwarded-For, all its visitors count as one',
    );
  };
};

const serve = async (
  options: HttpServerOptions,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<number> => {
  for (const [name, value] of Object.entries(securityHeaders(message.headers.host))) response.setHeader(name, value);
  const request = await readRequest(message, options.origins);
  // What follows on this connection may be the rest of a body.
  if (typeof request === 'number')
    return send(response, { status: request, headers: { connection: 'close' }, body: '' });
  const isApart = answersOptions(options.routes, request.path);
  const shared = isApart ? {} : crossOriginHeaders(message.headers.origin, request.isOriginAllowed);
  for (const [name, value] of Object.entries(shared)) response.setHeader(name, value);
  if (message.method === 'OPTIONS' && !isApart) return send(response, preflight(request.isOriginAllowed));
  const answered = await answer(options.routes, request);
  if (answered !== undefined) return send(response, answered);
  if (options.assets === undefined || request.path[0] === 'api')
    return send(response, { status: 404, headers: {}, body: 'not found\n' });
  return sendPage(options.assets, message, response, `/${request.path.join('/')}`);
};

const send = (response: ServerResponse, { status, headers, body }: HttpResponse): number => {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
  return status;
};
