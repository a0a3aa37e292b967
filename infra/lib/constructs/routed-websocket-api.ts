import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  CfnAuthorizer,
  CfnDeployment,
  CfnIntegration,
  CfnRoute,
  CfnStage,
  type IWebSocketRouteAuthorizer,
  LogGroupLogDestination,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** Name of the only stage, which is the path of both WebSocket APIs. */
export const stageName = 'v1';

export interface RoutedWebSocketApiProps {
  readonly name: string;
  readonly description: string;
  /** What answers each route of the API. */
  readonly routes: Readonly<Record<WebSocketRouteKey, IFunction>>;
  /** Of `$connect`, the only route that can have one. */
  readonly authorizer?: IWebSocketRouteAuthorizer;
  /** Requests per second and burst: of all routes, and of `$connect`. */
  readonly throttle: Throttle;
  readonly connectThrottle: Throttle;
  readonly accessLog: ILogGroup;
}

export type WebSocketRouteKey = '$connect' | '$disconnect' | '$default';

export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/** A WebSocket API whose three routes lead to functions, with a stage that follows when they change. */
export class RoutedWebSocketApi extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, props: RoutedWebSocketApiProps) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', { apiName: props.name, description: props.description });
    for (const [key, handler] of Object.entries(props.routes)) this.#addRoute(key, handler, props.authorizer);
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName,
      throttle: { rateLimit: props.throttle.rate, burstLimit: props.throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(props.accessLog), format: accessLogFormat },
    });
    this.#deploy(props);
    acknowledge(this.api, {
      APIG4:
        'a WebSocket API authorises connections, on $connect: by a token where edges dial in, and in the function, by origin and account, where browsers do',
    });
  }

  /** Where messages to connections are posted; without a reference to the stage, so that functions may know it. */
  get callbackUrl(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `https://${this.api.apiId}.execute-api.${region}.${urlSuffix}/${stageName}`;
  }

  /** Where clients dial. */
  get url(): string {
    return this.callbackUrl.replace(/^https:/, 'wss:');
  }

  /** Host without path, for what stands in front. */
  get host(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
  }

  /** Lets somebody post to the connections of this API: neither ask about them, nor close them, nor reach another's. */
  grantPosts(role: IRole): void {
    this.#grant(role, 'POST');
  }

  /** Lets somebody close connections of this API. */
  grantCloses(role: IRole): void {
    this.#grant(role, 'DELETE');
  }

  #grant(role: IRole, method: 'POST' | 'DELETE'): void {
    const resourceName = `${stageName}/${method}/@connections/*`;
    const arn = Stack.of(this).formatArn({ service: 'execute-api', resource: this.api.apiId, resourceName });
    Grant.addToPrincipal({ grantee: role, actions: ['execute-api:ManageConnections'], resourceArns: [arn] });
    const reason = 'which connections are reached is known only when a message comes; it is one API, stage and method';
    for (const api of this.#namesIn(Stack.of(role))) {
      const shown = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:${api}/${resourceName}`;
      acknowledge(role, { [`IAM5[Resource::${shown}]`]: reason });
    }
  }

  /** How cdk-nag writes a reference to this API: in its own stack, and in another one before and after it is resolved. */
  #namesIn(stack: Stack): readonly string[] {
    const resource = this.api.node.defaultChild;
    if (!(resource instanceof CfnApi)) throw new Error('the API has no resource');
    const own = `<${Stack.of(this).getLogicalId(resource)}>`;
    if (stack === Stack.of(this)) return [own];
    const exported: unknown = stack.resolve(Stack.of(this).exportValue(this.api.apiId));
    return [own, Object.values(exported ?? {}).join('')];
  }

  #addRoute(key: string, handler: IFunction, authorizer: IWebSocketRouteAuthorizer | undefined): void {
    const integration = new WebSocketLambdaIntegration(`${key.slice(1)}Integration`, handler);
    this.api.addRoute(key, { integration, ...(key === '$connect' && authorizer && { authorizer }) });
  }

  /**
   * A stage shows a deployment, which is a picture of the routes when it was made. Its name changes with the routes,
   * so that a change of them makes a new one; a change of a function's code does not, and keeps the sockets.
   */
  #deploy({ connectThrottle }: RoutedWebSocketApiProps): void {
    const picture = Stack.of(this).resolve(this.api.node.findAll().map(shownByDeployment));
    const hash = createHash('sha256').update(JSON.stringify(picture)).digest('hex').slice(0, 8);
    const deployment = new CfnDeployment(this, 'Deployment', { apiId: this.api.apiId });
    deployment.overrideLogicalId(`${Stack.of(this).getLogicalId(deployment)}${hash}`);
    for (const route of this.api.node.findAll()) if (route instanceof CfnRoute) deployment.addResourceDependency(route);
    const stage = this.stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('the stage has no resource');
    stage.deploymentId = deployment.ref;
    stage.routeSettings = {
      $connect: { ThrottlingRateLimit: connectThrottle.rate, ThrottlingBurstLimit: connectThrottle.burst },
    };
  }
}

/** What a deployment keeps of a resource. */
const shownByDeployment = (resource: IConstruct): unknown => {
  if (resource instanceof CfnRoute)
    return [resource.routeKey, resource.target, resource.authorizationType, resource.authorizerId];
  if (resource instanceof CfnIntegration)
    return [resource.integrationType, resource.integrationUri, resource.timeoutInMillis];
  if (resource instanceof CfnAuthorizer)
    return [resource.authorizerType, resource.authorizerUri, resource.identitySource];
  return undefined;
};

/** One line of JSON a request; no content. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    connectionId: '$context.connectionId',
    route: '$context.routeKey',
    event: '$context.eventType',
    status: '$context.status',
    error: '$context.error.message',
    integrationStatus: '$context.integrationStatus',
    integrationLatency: '$context.integrationLatency',
    integrationError: '$context.integrationErrorMessage',
    authorizerError: '$context.authorizer.error',
    sourceIp: '$context.identity.sourceIp',
  }),
);
