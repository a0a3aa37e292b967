import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { type FunctionName, functionNames } from './bundle-functions.ts';
import type { Settings } from './config.ts';
import { FollowUpQueue, followUpTimeout } from './constructs/follow-up-queue.ts';
import { GatewayHttpApi } from './constructs/gateway-http-api.ts';
import { RoutedWebSocketApi, type Throttle } from './constructs/routed-websocket-api.ts';
import { SignalingFunction } from './constructs/signaling-function.ts';
import { functionNeeds } from './function-needs.ts';
import type { StateStack } from './state-stack.ts';

export interface SignalingStackProps extends StackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  /** Folder of the functions' bundles. */
  readonly bundles: string;
}

type Functions = Readonly<Record<FunctionName, LambdaFunction>>;

/** How long a run may take. API Gateway itself waits 29 s at most. */
const timeouts: Partial<Record<FunctionName, Duration>> = {
  'follow-up': followUpTimeout,
  'edge-authorizer': Duration.seconds(5),
};
const usualTimeout = Duration.seconds(15);

/** The signaling: no server, nothing kept. It can be removed and made again; only the addresses of its APIs change. */
export class SignalingStack extends Stack {
  readonly browserApi: RoutedWebSocketApi;
  readonly edgeApi: RoutedWebSocketApi;
  readonly httpApi: GatewayHttpApi;
  readonly followUps: FollowUpQueue;
  readonly functions: Functions;
  /** Of all functions: one line of JSON an event. */
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: SignalingStackProps) {
    super(scope, id, props);
    this.log = this.#newLog('Log', props.settings);
    this.followUps = new FollowUpQueue(this, 'FollowUps');
    this.functions = this.#newFunctions(props);
    const accessLog = this.#newLog('AccessLog', props.settings);
    this.browserApi = this.#newBrowserApi(props.settings, accessLog);
    this.edgeApi = this.#newEdgeApi(props.settings, accessLog);
    this.httpApi = new GatewayHttpApi(this, 'HttpApi', {
      name: `${props.settings.name}-http`,
      handler: this.functions.http,
      throttle: props.settings.throttle,
      accessLog,
    });
    if (props.settings.hasApiLogRole) this.#nameLogRole();
    this.#wire(props);
    this.#watchEdges();
  }

  #newLog(id: string, { logDays }: Settings): LogGroup {
    return new LogGroup(this, id, { retention: logDays, removalPolicy: RemovalPolicy.DESTROY });
  }

  #newFunctions({ settings, bundles }: SignalingStackProps): Functions {
    const kept: Partial<Record<FunctionName, number | undefined>> = {
      connect: settings.connectConcurrency,
      'edge-link': settings.edgeConcurrency,
    };
    const make = (name: FunctionName): LambdaFunction =>
      new SignalingFunction(this, name, {
        name,
        description: `Sylk gateway: ${functionNeeds[name].description}`,
        bundles,
        environment: { SYLK_LOG_LEVEL: settings.logLevel },
        logGroup: this.log,
        timeout: timeouts[name] ?? usualTimeout,
        concurrency: kept[name],
      }).handler;
    return {
      connect: make('connect'),
      disconnect: make('disconnect'),
      message: make('message'),
      'follow-up': make('follow-up'),
      http: make('http'),
      'edge-authorizer': make('edge-authorizer'),
      'edge-link': make('edge-link'),
      'watch-edges': make('watch-edges'),
    };
  }

  #newBrowserApi({ name, throttle }: Settings, accessLog: LogGroup): RoutedWebSocketApi {
    const { connect, disconnect, message } = this.functions;
    return new RoutedWebSocketApi(this, 'BrowserApi', {
      name: `${name}-browsers`,
      description: 'Sylk gateway: browsers, sub-protocol sylkRTC-2',
      routes: { $connect: connect, $disconnect: disconnect, $default: message },
      throttle,
      connectThrottle: fifthOf(throttle),
      accessLog,
    });
  }

  #newEdgeApi({ name, throttle }: Settings, accessLog: LogGroup): RoutedWebSocketApi {
    const link = this.functions['edge-link'];
    const authorizer = new WebSocketLambdaAuthorizer('EdgeAuthorizer', this.functions['edge-authorizer'], {
      identitySource: ['route.request.querystring.token'],
    });
    return new RoutedWebSocketApi(this, 'EdgeApi', {
      name: `${name}-edges`,
      description: 'Sylk gateway: media edges, sub-protocol edge.v1',
      routes: { $connect: link, $disconnect: link, $default: link },
      authorizer,
      throttle,
      connectThrottle: { rate: 20, burst: 20 },
      accessLog,
    });
  }

  /** API Gateway writes the logs of WebSocket APIs with a role that is named once for the account and Region. */
  #nameLogRole(): void {
    const role = new Role(this, 'ApiLogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    const account = new CfnAccount(this, 'ApiLogAccount', { cloudWatchRoleArn: role.roleArn });
    // It is the account's from then on: other deployments, and other APIs, log by it too.
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    for (const { stage } of [this.browserApi, this.edgeApi]) stage.node.addDependency(account);
    acknowledge(role, {
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
        'the role is for all APIs of the account, and this is the policy that AWS keeps for it',
    });
  }

  #wire(props: SignalingStackProps): void {
    for (const name of functionNames) {
      this.#tell(name, props);
      this.#allow(name, props.state);
    }
    this.followUps.worksIn(this.functions['follow-up']);
  }

  /** The environment of a function: what it uses, and no more. */
  #tell(name: FunctionName, { settings, state }: SignalingStackProps): void {
    const { table, serves, queuesFollowUps, secrets = [] } = functionNeeds[name];
    const values: readonly (readonly [string, string, boolean])[] = [
      ['SYLK_TABLE', state.table.tableName, table !== undefined],
      ['SYLK_BROWSER_API', this.browserApi.callbackUrl, serves === true],
      ['SYLK_EDGE_API', this.edgeApi.callbackUrl, serves === true],
      ['SYLK_FOLLOW_UP_QUEUE', this.followUps.queue.queueUrl, queuesFollowUps === true],
      ['SYLK_EDGE_SECRET', state.linkSecret.secretArn, secrets.includes('link')],
      ['SYLK_FRONT_SECRET', state.frontSecret.secretArn, secrets.includes('front')],
      ['SYLK_ACCOUNT_SECRET', state.accountSecret.secretArn, secrets.includes('accounts')],
      ['SYLK_FOREIGN_ACCOUNTS', settings.foreignAccounts, serves === true],
      ['SYLK_DOMAIN', settings.domain, serves === true],
      ['SYLK_DOMAIN_ALIASES', settings.domainAliases.join(','), serves === true],
      ['SYLK_WEB_HOST', settings.webHost, serves === true],
      ['SYLK_WEB_ORIGINS', originsOf(settings), serves === true],
      ['SYLK_CALLS_PER_MINUTE', String(settings.limits.callsPerMinute), serves === true],
      ['SYLK_ADDRESSES_PER_HOUR', String(settings.limits.addressesPerHour), serves === true],
      ['SYLK_CONNECTIONS_PER_ADDRESS', String(settings.limits.connectionsPerAddress), serves === true],
    ];
    for (const [variable, value, isUsed] of values) if (isUsed) this.functions[name].addEnvironment(variable, value);
  }

  #allow(name: FunctionName, { table, linkSecret, frontSecret, accountSecret }: StateStack): void {
    const handler = this.functions[name];
    const { role } = handler;
    if (role === undefined) throw new Error(`the function ${name} has no role`);
    const needs = functionNeeds[name];
    const posts = needs.posts ?? [];
    const allow = (actions: readonly string[], resource: string) =>
      handler.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
    // By hand: the table's own grants are for all of its indexes as well.
    if (needs.table) allow(needs.table.actions, table.tableArn);
    for (const index of needs.table?.indexes ?? []) allow(['dynamodb:Query'], `${table.tableArn}/index/${index}`);
    if (posts.includes('browsers')) this.browserApi.grantPosts(role);
    if (needs.closesBrowsers) this.browserApi.grantCloses(role);
    if (posts.includes('edges')) this.edgeApi.grantPosts(role);
    if (needs.queuesFollowUps) this.followUps.queue.grant(handler, 'sqs:SendMessage');
    if (needs.secrets?.includes('link')) linkSecret.grantRead(handler);
    if (needs.secrets?.includes('front')) frontSecret.grantRead(handler);
    if (needs.secrets?.includes('accounts')) accountSecret.grantRead(handler);
  }

  #watchEdges(): void {
    new Rule(this, 'EveryMinute', {
      description: 'Sylk gateway: the watch over edges',
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next minute brings the next one.
      targets: [new FunctionTarget(this.functions['watch-edges'], { retryAttempts: 0 })],
    });
  }
}

/** Our own page first: behind CloudFront a function does not see the host that the browser asked. */
const originsOf = ({ webHost, webOrigins }: Settings): string =>
  webOrigins.includes('*') ? '*' : [`https://${webHost}`, ...webOrigins].join(',');

/** New connections cost most, and strangers may make them. */
const fifthOf = ({ rate, burst }: Throttle): Throttle => ({
  rate: Math.ceil(rate / 5),
  burst: Math.ceil(burst / 5),
});
