import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket as TcpSocket } from 'node:net';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Asset } from '../../functions/src/adapters/local/web-assets.ts';
import { buildWebAssets } from '../../functions/src/adapters/local/web-assets.ts';
import { at, listAt, objectAt, textAt } from './json-path.ts';
import { attributeOf } from './physical-names.ts';
import type { Templates } from './templates.ts';

export interface DistributionOptions {
  readonly templates: Templates;
  /** By ARN. */
  readonly secrets: ReadonlyMap<string, string>;
  localized(text: string): string;
  onLog(text: string): void;
}

/** What a path leads to, and what is changed on the way. */
interface Behaviour {
  readonly pattern: RegExp;
  readonly origin: unknown;
  /** Code of the function that changes requests. */
  readonly code: string | undefined;
  readonly responseHeaders: readonly (readonly [string, string])[];
}

const web = join(import.meta.dirname, '../../web/src');

/** CloudFront: the page, the HTTP interface and the WebSockets under one host. */
export class Distribution {
  readonly origin: string;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    const address: AddressInfo | string | null = server.address();
    this.origin = `http://localhost:${typeof address === 'object' ? address?.port : 0}`;
  }

  static async start(options: DistributionOptions): Promise<Distribution> {
    const assets = await buildWebAssets(web);
    const { properties } = options.templates.only('AWS::CloudFront::Distribution');
    const config = at(properties, 'DistributionConfig');
    const behaviours = [...listAt(config, 'CacheBehaviors'), at(config, 'DefaultCacheBehavior')].map((one) =>
      toBehaviour(options, config, one),
    );
    const host = textAt(config, 'Aliases', 0);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const distribution = new Distribution(server);
    const serve = new Serving({ ...options, behaviours, assets, host, origin: distribution.origin });
    server.on('request', (request, response) => serve.request(request, response));
    server.on('upgrade', (request, tcp: TcpSocket, head: Buffer) => serve.upgrade(request, tcp, head));
    return distribution;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const toBehaviour = ({ templates }: DistributionOptions, config: unknown, one: unknown): Behaviour => {
  const pattern = String(at(one, 'PathPattern') ?? '*')
    .replace(/[.+]/g, '\\$&')
    .replaceAll('*', '.*');
  const origin = listAt(config, 'Origins').find((candidate) => at(candidate, 'Id') === at(one, 'TargetOriginId'));
  if (origin === undefined) throw new Error(`no origin for ${pattern}`);
  const functionArn = at(one, 'FunctionAssociations', 0, 'FunctionARN');
  const changer = templates
    .all('AWS::CloudFront::Function')
    .find(({ type, id }) => attributeOf(type, id, 'FunctionARN') === functionArn);
  return {
    pattern: new RegExp(`^${pattern}$`),
    origin,
    code: changer && textAt(changer.properties, 'FunctionCode'),
    responseHeaders: responseHeaders(templates, at(one, 'ResponseHeadersPolicyId')),
  };
};

/** Content security policy and the like, from the policy that the behaviour names. */
const responseHeaders = (templates: Templates, policy: unknown): readonly (readonly [string, string])[] => {
  const found = templates.all('AWS::CloudFront::ResponseHeadersPolicy').find(({ ref }) => ref === policy);
  const config = objectAt(found?.properties, 'ResponseHeadersPolicyConfig');
  const csp = at(config, 'SecurityHeadersConfig', 'ContentSecurityPolicy', 'ContentSecurityPolicy');
  const custom = listAt(config, 'CustomHeadersConfig', 'Items').map(
    (item) => [textAt(item, 'Header'), textAt(item, 'Value')] as const,
  );
  return typeof csp === 'string' ? [['content-security-policy', csp], ...custom] : custom;
};

interface ServingOptions extends DistributionOptions {
  readonly behaviours: readonly Behaviour[];
  readonly assets: ReadonlyMap<string, Asset>;
  /** The public name of the distribution. */
  readonly host: string;
  /** Where a browser of this machine reaches it. */
  readonly origin: string;
}

/** Carries requests to where the behaviours lead. */
class Serving {
  readonly #options: ServingOptions;

  constructor(options: ServingOptions) {
    this.#options = options;
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    const { behaviour, path, headers } = this.#route(request);
    const domain = at(behaviour.origin, 'DomainName');
    if (at(behaviour.origin, 'S3OriginConfig') !== undefined) {
      this.#file(response, behaviour, path);
      return;
    }
    const url = this.#options.localized(`https://${domain}${path}`);
    const onward = forward(url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  }

  /** From here on bytes go both ways as they are. */
  upgrade(request: IncomingMessage, tcp: TcpSocket, head: Buffer): void {
    const { behaviour, path, headers } = this.#route(request);
    const target = new URL(this.#options.localized(`https://${at(behaviour.origin, 'DomainName')}${path}`));
    const onward = connect(Number(target.port), target.hostname, () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      onward.write(`GET ${target.pathname}${target.search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      tcp.pipe(onward);
      onward.pipe(tcp);
    });
    for (const [one, other] of [
      [tcp, onward],
      [onward, tcp],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }

  #route(request: IncomingMessage) {
    const [uri = '/', query] = (request.url ?? '/').split('?');
    const behaviour = this.#options.behaviours.find(({ pattern }) => pattern.test(uri));
    if (behaviour === undefined) throw new Error(`no behaviour for ${uri}`);
    const changed = changedBy(behaviour.code, uri, request.socket.remoteAddress?.replace('::ffff:', '') ?? '');
    const given = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
    const custom = listAt(behaviour.origin, 'OriginCustomHeaders').map((one) => [
      textAt(one, 'HeaderName'),
      this.#revealed(textAt(one, 'HeaderValue')),
    ]);
    const headers: Record<string, string> = { ...Object.fromEntries([...given, ...changed.headers, ...custom]) };
    // Here it has another name than the templates know.
    if (headers.origin === this.#options.origin) headers.origin = `https://${this.#options.host}`;
    headers.host = String(at(behaviour.origin, 'DomainName'));
    return { behaviour, path: query === undefined ? changed.uri : `${changed.uri}?${query}`, headers };
  }

  /** A reference to a secret becomes the secret, as CloudFormation does it. */
  #revealed(text: string): string {
    const reference = /^\{\{resolve:secretsmanager:(.+?):SecretString:::\}\}$/.exec(text)?.[1];
    return reference === undefined ? text : (this.#options.secrets.get(reference) ?? '');
  }

  #file(response: ServerResponse, { responseHeaders: own }: Behaviour, path: string): void {
    const asset = this.#options.assets.get(path.split('?')[0] ?? '');
    if (asset === undefined) {
      response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error><Code>AccessDenied</Code></Error>');
      return;
    }
    const { host, origin } = this.#options;
    for (const [name, value] of own)
      response.setHeader(
        name,
        value.replaceAll(`wss://${host}`, origin.replace('http', 'ws')).replaceAll(`https://${host}`, origin),
      );
    response.writeHead(200, { 'content-type': asset.type, 'content-length': asset.identity.length });
    response.end(asset.identity);
  }
}

/** Runs a function of CloudFront over the request of a viewer. */
const changedBy = (code: string | undefined, uri: string, ip: string) => {
  if (code === undefined) return { uri, headers: [] };
  const event = JSON.stringify({ viewer: { ip }, request: { uri, headers: {} } });
  const changed: unknown = JSON.parse(runInNewContext(`${code}; JSON.stringify(handler(${event}))`));
  const headers = Object.entries(objectAt(changed, 'headers')).map(([name, value]) => [name, textAt(value, 'value')]);
  return { uri: textAt(changed, 'uri'), headers };
};
