import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@sylk/protocol/json.ts';
import { at, listAt, numberAt, objectAt, textAt } from './json-path.ts';
import { attributeOf } from './physical-names.ts';
import { Rights } from './rights.ts';
import { type Resource, Templates } from './templates.ts';

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Name of its role. */
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Folder of its code, and `file.export`. */
  readonly folder: string;
  readonly handler: string;
}

export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

export interface AuthorizerDefinition {
  readonly id: string;
  readonly functionArn: string;
  readonly identitySources: readonly string[];
}

export interface SocketApiDefinition {
  readonly id: string;
  readonly stage: string;
  /** The field of a message that names its route. */
  readonly routeField: string;
  /** ARN of the function of each route. */
  readonly routes: Readonly<Record<string, string>>;
  readonly authorizer?: AuthorizerDefinition;
  readonly throttle: Throttle;
  readonly connectThrottle: Throttle;
}

export interface HttpApiDefinition {
  readonly id: string;
  readonly functionArn: string;
  readonly throttle: Throttle;
}

export interface QueueDefinition {
  readonly url: string;
  readonly arn: string;
  readonly visibilityMs: number;
  readonly maxReceives: number;
  readonly deadLetterArn: string;
  readonly worker: { readonly functionArn: string; readonly batchSize: number; readonly reportsFailures: boolean };
}

export interface ScheduleDefinition {
  readonly arn: string;
  readonly functionArn: string;
  readonly everyMs: number;
}

/** What the templates say, in the words of the emulation. */
export interface Deployment {
  readonly templates: Templates;
  readonly rights: Rights;
  readonly functions: readonly FunctionDefinition[];
  readonly socketApis: readonly SocketApiDefinition[];
  readonly httpApi: HttpApiDefinition;
  readonly queue: QueueDefinition;
  readonly schedules: readonly ScheduleDefinition[];
  readonly table: Resource;
  /** ARNs. */
  readonly secrets: readonly string[];
}

/** @param folder of templates and assets, as `npm run synth` leaves it */
export const readDeployment = (folder: string): Deployment => {
  const templates = Templates.read(folder);
  return {
    templates,
    rights: new Rights(templates),
    functions: templates.all('AWS::Lambda::Function').map((resource) => toFunction(folder, resource)),
    socketApis: apis(templates, 'WEBSOCKET').map((api) => toSocketApi(templates, api)),
    httpApi: toHttpApi(templates),
    queue: toQueue(templates),
    schedules: templates.all('AWS::Events::Rule').map(toSchedule),
    table: templates.only('AWS::DynamoDB::Table'),
    secrets: templates.all('AWS::SecretsManager::Secret').map(({ ref }) => ref),
  };
};

const toFunction = (folder: string, resource: Resource): FunctionDefinition => {
  const { properties } = resource;
  if (textAt(properties, 'Runtime') !== 'nodejs24.x')
    throw new Error(`${resource.id} runs on ${textAt(properties, 'Runtime')}, expected nodejs24.x`);
  const variables = Object.entries(objectAt(properties, 'Environment', 'Variables'));
  return {
    name: resource.ref,
    arn: attributeOf(resource.type, resource.id, 'Arn'),
    role: textAt(properties, 'Role').split('/').at(-1) ?? '',
    environment: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
    timeoutMs: 1000 * numberAt(properties, 3, 'Timeout'),
    folder: codeFolder(folder, resource.stack, textAt(properties, 'Code', 'S3Key')),
    handler: textAt(properties, 'Handler'),
  };
};

/** The templates name code by a hash; the list of assets says in which folder it lies. */
const codeFolder = (folder: string, stack: string, key: string): string => {
  const assets: unknown = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8'));
  return join(folder, textAt(assets, 'files', key.replace(/\.zip$/, ''), 'source', 'path'));
};

const apis = (templates: Templates, protocol: string): readonly Resource[] =>
  templates.all('AWS::ApiGatewayV2::Api').filter(({ properties }) => properties.ProtocolType === protocol);

const ofApi = (templates: Templates, type: string, api: Resource): readonly Resource[] =>
  templates.all(`AWS::ApiGatewayV2::${type}`).filter(({ properties }) => properties.ApiId === api.ref);

const toSocketApi = (templates: Templates, api: Resource): SocketApiDefinition => {
  const routes = ofApi(templates, 'Route', api);
  const connect = routes.find(({ properties }) => properties.RouteKey === '$connect');
  const [stage] = ofApi(templates, 'Stage', api);
  if (stage === undefined) throw new Error(`the API ${api.id} has no stage`);
  if (stage.properties.DeploymentId === undefined && stage.properties.AutoDeploy !== true)
    throw new Error(`the stage ${stage.id} shows no deployment`);
  return {
    id: api.ref,
    stage: textAt(stage.properties, 'StageName'),
    routeField: textAt(api.properties, 'RouteSelectionExpression').replace('$request.body.', ''),
    routes: Object.fromEntries(
      routes.map((route) => [textAt(route.properties, 'RouteKey'), targetOf(templates, route, api)]),
    ),
    authorizer: toAuthorizer(templates, connect),
    throttle: toThrottle(objectAt(stage.properties, 'DefaultRouteSettings')),
    connectThrottle: toThrottle(objectAt(stage.properties, 'RouteSettings', '$connect')),
  };
};

const toAuthorizer = (templates: Templates, connect: Resource | undefined): AuthorizerDefinition | undefined => {
  if (connect?.properties.AuthorizationType !== 'CUSTOM') return undefined;
  const found = templates
    .all('AWS::ApiGatewayV2::Authorizer')
    .find(({ ref }) => ref === connect.properties.AuthorizerId);
  if (found === undefined) throw new Error(`${connect.id} has no authoriser`);
  return {
    id: found.ref,
    functionArn: functionIn(textAt(found.properties, 'AuthorizerUri')),
    identitySources: listAt(found.properties, 'IdentitySource').map(String),
  };
};

const toHttpApi = (templates: Templates): HttpApiDefinition => {
  const [api, ...more] = apis(templates, 'HTTP');
  if (api === undefined || more.length > 0) throw new Error(`expected one HTTP API, found ${more.length}`);
  const route = ofApi(templates, 'Route', api).find(({ properties }) => properties.RouteKey === '$default');
  const [stage] = ofApi(templates, 'Stage', api);
  if (route === undefined || stage?.properties.StageName !== '$default')
    throw new Error(`${api.id} needs the route and the stage $default`);
  return {
    id: api.ref,
    functionArn: targetOf(templates, route, api),
    throttle: toThrottle(objectAt(stage.properties, 'DefaultRouteSettings')),
  };
};

/** ARN of the function behind a route. */
const targetOf = (templates: Templates, { id, properties }: Resource, api: Resource): string => {
  const target = textAt(properties, 'Target').replace('integrations/', '');
  const integration = ofApi(templates, 'Integration', api).find(({ ref }) => ref === target);
  if (integration?.properties.IntegrationType !== 'AWS_PROXY')
    throw new Error(`the route ${id} leads to no function of its API: ${target}`);
  return functionIn(textAt(integration.properties, 'IntegrationUri'));
};

const functionIn = (uri: string): string => /arn:aws:lambda:[^/]+:function:\w+/.exec(uri)?.[0] ?? uri;

const toThrottle = (settings: JsonObject): Throttle => ({
  rate: numberAt(settings, 10_000, 'ThrottlingRateLimit'),
  burst: numberAt(settings, 5_000, 'ThrottlingBurstLimit'),
});

const toQueue = (templates: Templates): QueueDefinition => {
  const mapping = templates.only('AWS::Lambda::EventSourceMapping').properties;
  const byArn = (arn: string) =>
    templates.all('AWS::SQS::Queue').find(({ type, id }) => attributeOf(type, id, 'Arn') === arn);
  const arn = textAt(mapping, 'EventSourceArn');
  const queue = byArn(arn);
  if (queue === undefined) throw new Error(`there is no queue ${arn}`);
  const deadLetterArn = textAt(queue.properties, 'RedrivePolicy', 'deadLetterTargetArn');
  if (byArn(deadLetterArn) === undefined) throw new Error(`there is no queue ${deadLetterArn}`);
  const functionName = textAt(mapping, 'FunctionName');
  const worker = templates.all('AWS::Lambda::Function').find(({ ref }) => ref === functionName);
  if (worker === undefined) throw new Error(`there is no function ${functionName}`);
  return {
    url: queue.ref,
    arn,
    visibilityMs: 1000 * numberAt(queue.properties, 30, 'VisibilityTimeout'),
    maxReceives: numberAt(queue.properties, 10, 'RedrivePolicy', 'maxReceiveCount'),
    deadLetterArn,
    worker: {
      functionArn: attributeOf(worker.type, worker.id, 'Arn'),
      batchSize: numberAt(mapping, 10, 'BatchSize'),
      reportsFailures: listAt(mapping, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
    },
  };
};

const unitsMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const toSchedule = ({ type, id, properties }: Resource): ScheduleDefinition => {
  const expression = textAt(properties, 'ScheduleExpression');
  const [, count, unit = ''] = /^rate\((\d+) (\w+?)s?\)$/.exec(expression) ?? [];
  const unitMs = unitsMs[unit];
  if (unitMs === undefined) throw new Error(`the rule ${id} has the schedule ${expression}, expected a rate`);
  return {
    arn: attributeOf(type, id, 'Arn'),
    functionArn: textAt(at(properties, 'Targets', 0), 'Arn'),
    everyMs: Number(count) * unitMs,
  };
};
