import { HttpError, type HttpRequest, type HttpResponse, json } from './message.ts';

/** A path, as `/api/addresses/:address`, and what answers it, by method. */
export interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, Handler>>;
}

/** @param parameters the parts of the path that the route names with `:` */
export type Handler = (request: HttpRequest, parameters: Parameters) => Promise<HttpResponse>;
export type Parameters = Readonly<Record<string, string>>;

/**
 * Answers a request by the first route that fits its path.
 *
 * @returns undefined when none does; an error that a handler meant for the client is its answer
 */
export const answer = async (routes: readonly Route[], request: HttpRequest): Promise<HttpResponse | undefined> => {
  for (const route of routes) {
    const parameters = matchPath(route.path, request.path);
    if (parameters !== undefined) return run(route, request, parameters);
  }
  return undefined;
};

/** Whether what answers a path answers OPTIONS as well: then pages of other origins are told nothing there. */
export const answersOptions = (routes: readonly Route[], path: HttpRequest['path']): boolean =>
  routes.find((route) => matchPath(route.path, path) !== undefined)?.methods.OPTIONS !== undefined;

const run = async (route: Route, request: HttpRequest, parameters: Parameters): Promise<HttpResponse> => {
  const handler = route.methods[request.method === 'HEAD' ? 'GET' : request.method];
  try {
    if (handler === undefined) throw notAllowed(route, request);
    return await handler(request, parameters);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return json(error.status, { error: error.message, ...error.extra }, error.headers);
  }
};

const notAllowed = ({ methods }: Route, { method }: HttpRequest): HttpError => {
  const allow = Object.keys(methods).join(', ');
  return new HttpError(405, `${method} is not possible here, use ${allow}`, {}, { allow });
};

const matchPath = (pattern: string, path: readonly string[]): Parameters | undefined => {
  const parts = pattern.split('/').slice(1);
  if (parts.length !== path.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const value = path[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return parameters;
};
