import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { answerConnections } from './connections-endpoint.ts';
import type { Faults } from './faults.ts';
import type { HttpApi } from './http-api.ts';
import { at, textAt } from './json-path.ts';
import type { Ledger } from './ledger.ts';
import { region } from './physical-names.ts';
import type { Queue } from './queue.ts';
import type { Rights } from './rights.ts';
import { refusal, type ServiceAnswer } from './service-answer.ts';
import type { SocketApi } from './socket-api.ts';
import { executionArn } from './socket-events.ts';
import { type Table, tableArns } from './table.ts';

export interface FrontOptions {
  readonly rights: Rights;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly table: Table;
  readonly queue: Queue;
  readonly socketApis: readonly SocketApi[];
  readonly httpApi: HttpApi;
  /** By ARN. */
  readonly secrets: ReadonlyMap<string, string>;
  onLog(text: string): void;
}

/** Something asked of a service by who has the rights of `role`. */
interface Asked {
  readonly role: string;
  readonly action: string;
  readonly resources: readonly string[];
}

/** All services of the cloud at one port: by the header that the SDK sends, or by the id of an API in the path. */
export class Front {
  readonly #server: Server;
  #parts: FrontOptions | undefined;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, tcp: TcpSocket, head: Buffer) => void this.#upgrade(request, tcp, head));
  }

  /** Listens; what it leads to follows by `open`, since that has to know the port. */
  static async listen(): Promise<Front> {
    const front = new Front();
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  open(parts: FrontOptions): void {
    this.#parts = parts;
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  /** Public addresses of services become ours. */
  localized(text: string): string {
    const webSockets = this.url.replace('http', 'ws');
    return text
      .replace(new RegExp(`https://(\\w+)\\.execute-api\\.${region}\\.amazonaws\\.com`, 'g'), `${this.url}/$1`)
      .replace(new RegExp(`wss://(\\w+)\\.execute-api\\.${region}\\.amazonaws\\.com`, 'g'), `${webSockets}/$1`)
      .replace(`https://sqs.${region}.amazonaws.com`, this.url);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #upgrade(request: IncomingMessage, tcp: TcpSocket, head: Buffer): Promise<void> {
    const [, api = '', stage] = pathOf(request);
    const found = this.#parts?.socketApis.find(({ definition }) => definition.id === api && definition.stage === stage);
    if (found !== undefined) await found.upgrade(request, tcp, head);
    else tcp.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts = this.#parts;
    if (parts === undefined) throw new Error('the front was asked before it was opened');
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    const [, id] = pathOf(request);
    if (request.headers['x-amz-target'] === undefined && id === parts.httpApi.definition.id) {
      await parts.httpApi.answer(request, body, `/${(request.url ?? '').split('/').slice(2).join('/')}`, response);
      return;
    }
    const answer = await this.#serve(parts, request, body).catch((error: unknown) => {
      parts.onLog(`a service failed: ${error}`);
      return refusal(500, 'InternalFailure', String(error));
    });
    response.writeHead(answer.status, {
      'content-type': 'application/x-amz-json-1.0',
      ...(answer.error !== undefined && { 'x-amzn-errortype': answer.error }),
    });
    response.end(answer.body);
  }

  async #serve(parts: FrontOptions, request: IncomingMessage, body: Buffer): Promise<ServiceAnswer> {
    const target = String(request.headers['x-amz-target'] ?? '');
    const [service = '', operation = ''] = target.split('.');
    if (target === '') return this.#connections(parts, request, body);
    const asked: unknown = JSON.parse(body.toString());
    const role = roleOf(request);
    switch (service) {
      case 'DynamoDB_20120810':
        parts.ledger.store(processOf(request), operation, asked);
        return (
          refused(parts, { role, action: `dynamodb:${operation}`, resources: tableArns(asked) }) ??
          parts.table.answer(operation, body)
        );
      case 'AmazonSQS': {
        const action = `sqs:${operation.replace(/Batch$/, '')}`;
        const isOurs = this.localized(parts.queue.definition.url) === at(asked, 'QueueUrl');
        const resources = isOurs ? [parts.queue.definition.arn] : [];
        return refused(parts, { role, action, resources }) ?? parts.queue.answer(operation, asked);
      }
      case 'secretsmanager': {
        const resources = [textAt(asked, 'SecretId')];
        return refused(parts, { role, action: `secretsmanager:${operation}`, resources }) ?? secret(parts, resources);
      }
      default:
        return refusal(400, 'UnknownOperationException', target);
    }
  }

  #connections(parts: FrontOptions, request: IncomingMessage, body: Buffer): ServiceAnswer {
    const [, apiId = '', stage = '', word, escaped = ''] = pathOf(request);
    const api = parts.socketApis.find(({ definition }) => definition.id === apiId && definition.stage === stage);
    if (api === undefined || word !== '@connections') return refusal(403, 'ForbiddenException');
    const id = decodeURIComponent(escaped);
    const method = request.method ?? '';
    const resources = [executionArn({ apiId, stage }, `${method}/@connections/${id}`)];
    const action = 'execute-api:ManageConnections';
    return (
      refused(parts, { role: roleOf(request), action, resources }) ??
      answerConnections(api, parts, { method, id, body, process: processOf(request) })
    );
  }
}

const pathOf = ({ url = '/' }: IncomingMessage): readonly string[] => new URL(url, 'http://any').pathname.split('/');

/** The id of the access key, which names whose rights count. */
const roleOf = ({ headers }: IncomingMessage): string =>
  /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'nobody';

/** The id of the process that asks; empty where it is not a function's. */
const processOf = ({ headers }: IncomingMessage): string => String(headers['x-amz-security-token'] ?? '');

const refused = ({ rights, onLog }: FrontOptions, { role, action, resources }: Asked): ServiceAnswer | undefined => {
  if (resources.length > 0 && resources.every((resource) => rights.mayDo(role, action, resource))) return undefined;
  const text = `${role} is not authorized to perform: ${action} on resource: ${resources.join(', ')}`;
  onLog(text);
  return refusal(action.startsWith('execute-api') ? 403 : 400, 'AccessDeniedException', text);
};

const secret = ({ secrets }: FrontOptions, [arn = '']: readonly string[]): ServiceAnswer => {
  const SecretString = secrets.get(arn);
  if (SecretString === undefined) return refusal(400, 'ResourceNotFoundException');
  return { status: 200, body: JSON.stringify({ ARN: arn, Name: arn, SecretString, VersionId: 'one' }) };
};
