import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { hostAddress } from '../peers/gateway.ts';
import { type Deployment, type FunctionDefinition, readDeployment } from './deployment.ts';
import { Distribution } from './distribution.ts';
import { type CloudEdge, startEdge } from './edge.ts';
import { Faults, type Mode } from './faults.ts';
import { Front } from './front.ts';
import { Functions } from './functions.ts';
import { HttpApi } from './http-api.ts';
import { textAt } from './json-path.ts';
import { Ledger } from './ledger.ts';
import { Queue } from './queue.ts';
import { startSchedule } from './schedule.ts';
import type { SocketLimits } from './socket.ts';
import { SocketApi } from './socket-api.ts';
import { Table } from './table.ts';

export interface CloudOptions {
  readonly modes?: readonly Mode[];
  /** Decides what goes wrong in modes by chance; shown in failures by `about`. */
  readonly seed?: number;
  readonly edges?: number;
  /** Of browsers' WebSockets; those of API Gateway when absent. */
  readonly sockets?: Partial<SocketLimits>;
  /** How long a second of the queue's visibility and of the schedule takes, in seconds. */
  readonly secondsScale?: number;
  /** What an operator has set otherwise, by the name of the functions' variable; only what the templates tell. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder of templates; what `npm run synth` makes when absent. */
  readonly assembly?: string;
}

/** The whole product as it is deployed, on this machine. */
export interface Cloud {
  readonly deployment: Deployment;
  /** Public host: page, HTTP interface, and WebSockets of browsers. */
  readonly origin: string;
  readonly endpoint: string;
  readonly edges: CloudEdge[];
  readonly functions: Functions;
  readonly ledger: Ledger;
  readonly queue: Queue;
  readonly table: Table;
  readonly browserApi: SocketApi;
  readonly edgeApi: SocketApi;
  readonly secrets: ReadonlyMap<string, string>;
  /** What the parts of the cloud, and the functions, said. */
  readonly log: readonly string[];
  /** The seed and what was logged last, for the message of a failure. */
  about(): string;
  addEdge(): Promise<CloudEdge>;
  /** A deployment that cuts every WebSocket. */
  redeploy(): void;
  mint(): Promise<{ address: string; password: string }>;
  stop(): Promise<void>;
}

const withSettings = (
  definition: FunctionDefinition,
  settings: Readonly<Record<string, string>>,
): FunctionDefinition => {
  const known = Object.entries(settings).filter(([name]) => name in definition.environment);
  return { ...definition, environment: { ...definition.environment, ...Object.fromEntries(known) } };
};

const assemblyFolder = process.env.CLOUD_ASSEMBLY ?? join(import.meta.dirname, '../../infra/cdk.out');
const ofApiGateway: SocketLimits = { idleMs: 10 * 60_000, lifeMs: 2 * 3_600_000 };

export const startCloud = async (options: CloudOptions = {}): Promise<Cloud> => {
  const deployment = readDeployment(options.assembly ?? assemblyFolder);
  const faults = new Faults(options.modes ?? [], options.seed);
  const ledger = new Ledger();
  const log: string[] = [];
  const onLog = (text: string): void => void log.push(text.trimEnd());
  const secrets = new Map(deployment.secrets.map((arn) => [arn, randomBytes(32).toString('base64url')]));
  const [front, table] = await Promise.all([Front.listen(), Table.start(deployment.table, faults)]);
  const localized = (text: string): string => front.localized(text);
  const functions = new Functions({
    definitions: deployment.functions.map((definition) => withSettings(definition, options.settings ?? {})),
    processes: faults.processes,
    endpoint: front.url,
    localized,
    ledger,
    onLog: (name, text) => onLog(`${name}: ${text}`),
  });
  const services = startServices({ deployment, faults, ledger, functions, options, onLog });
  front.open({ rights: deployment.rights, faults, ledger, table, secrets, onLog, ...services });
  const distribution = await Distribution.start({ templates: deployment.templates, secrets, localized, onLog });
  const address = hostAddress();
  const edges: CloudEdge[] = [];
  const addEdge = async (): Promise<CloudEdge> => {
    const edge = await startEdge({ deployment, endpoint: front.url, secrets, address, localized });
    edges.push(edge);
    return edge;
  };
  const stop = async (): Promise<void> => {
    services.stop();
    await Promise.all(edges.map((edge) => edge.stop('SIGKILL')));
    functions.close();
    await Promise.all([distribution.close(), front.close(), table.stop()]);
  };
  const about = (): string =>
    `seed ${faults.seed}; ${log
      .slice(-25)
      .map((line) => line.slice(0, 500))
      .join('\n')}`;
  await Promise.all(Array.from({ length: options.edges ?? 1 }, addEdge)).catch(async (cause: unknown) => {
    await stop();
    throw new Error(`the cloud did not start: ${about()}`, { cause });
  });
  const { browserApi, edgeApi, queue } = services;
  return {
    deployment,
    origin: distribution.origin,
    endpoint: front.url,
    edges,
    functions,
    ledger,
    queue,
    table,
    browserApi,
    edgeApi,
    secrets,
    log,
    about,
    addEdge,
    redeploy: () => {
      browserApi.cutAll();
      edgeApi.cutAll();
    },
    mint: () => mint(distribution.origin),
    stop,
  };
};

interface Parts {
  readonly deployment: Deployment;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly functions: Functions;
  readonly options: CloudOptions;
  onLog(text: string): void;
}

/** What calls functions: APIs, queue and schedule, each only if the templates let it. */
const startServices = ({ deployment, faults, ledger, functions, options, onLog }: Parts) => {
  const { rights, queue: queueDefinition } = deployment;
  const secondsScale = options.secondsScale ?? 1;
  const limits = { ...ofApiGateway, ...options.sockets };
  const invokeFrom =
    (principal: string, prefix: string) =>
    async (functionArn: string, source: string, event: unknown): Promise<unknown> => {
      if (!rights.mayInvoke(principal, functionArn, `${prefix}${source}`))
        throw new Error(`${principal} may not invoke ${functionArn} for ${prefix}${source}`);
      return functions.invoke(functionArn, event);
    };
  const ofApi = (id: string) =>
    invokeFrom('apigateway.amazonaws.com', `arn:aws:execute-api:${arnPlace(deployment)}:${id}/`);
  const socketApis = deployment.socketApis.map(
    (definition) =>
      new SocketApi({
        definition,
        limits: definition.authorizer === undefined ? limits : ofApiGateway,
        faults,
        ledger,
        invoke: ofApi(definition.id),
        onLog,
      }),
  );
  const browserApi = socketApis.find(({ definition }) => definition.authorizer === undefined);
  const edgeApi = socketApis.find(({ definition }) => definition.authorizer !== undefined);
  if (browserApi === undefined || edgeApi === undefined)
    throw new Error('expected one WebSocket API with an authoriser, for edges, and one without, for browsers');
  const httpApi = new HttpApi({
    definition: deployment.httpApi,
    invoke: ofApi(deployment.httpApi.id),
    onLog,
  });
  const invoke = (functionArn: string, event: unknown) => functions.invoke(functionArn, event);
  const queue = new Queue({ definition: queueDefinition, faults, secondsScale, invoke, onLog });
  const schedules = deployment.schedules.map((definition) =>
    startSchedule({ definition, secondsScale, invoke: invokeFrom('events.amazonaws.com', ''), onLog }),
  );
  const stop = (): void => {
    for (const end of schedules) end();
    queue.close();
    for (const api of socketApis) api.close();
  };
  return { socketApis, browserApi, edgeApi, httpApi, queue, stop };
};

/** Region and account. */
const arnPlace = ({ queue }: Deployment): string => queue.arn.split(':').slice(3, 5).join(':');

const mint = async (origin: string): Promise<{ address: string; password: string }> => {
  const response = await fetch(`${origin}/api/addresses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: '{"lifetime":"temporary"}',
  });
  if (response.status !== 201) throw new Error(`no address: ${response.status} ${await response.text()}`);
  const made: unknown = await response.json();
  return { address: textAt(made, 'address'), password: textAt(made, 'password') };
};
