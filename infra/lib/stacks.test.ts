import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readConfig } from '../../media-edge/src/config.ts';
import { example, exampleStacks, exampleTemplates } from './fixtures.ts';

const { state, signaling, edge, web, observability } = exampleTemplates('large');
assert(edge);

test('the table has the keys, the indexes and the expiry that the store relies on', () => {
  state.hasResourceProperties('AWS::DynamoDB::Table', {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byEdge',
        KeySchema: [
          { AttributeName: 'edgePk', KeyType: 'HASH' },
          { AttributeName: 'edgeSk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'byAccount',
        KeySchema: [
          { AttributeName: 'accountPk', KeyType: 'HASH' },
          { AttributeName: 'accountSk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    BillingMode: 'PAY_PER_REQUEST',
  });
});

test('the table outlives its stack, cannot be deleted by mistake, and can be brought back to any moment', () => {
  state.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
});

test('what holds data keeps its name, whatever else changes', () => {
  assert.deepEqual(Object.keys(state.findResources('AWS::DynamoDB::Table')), ['TableCD117FA1']);
  assert.deepEqual(Object.keys(state.findResources('AWS::SecretsManager::Secret')).sort(), [
    'AccountSecret44A922DA',
    'FrontSecret0E8B69A4',
    'LinkSecret6774D112',
  ]);
});

test('there is no NAT gateway, no load balancer, and no private subnet that would need them', () => {
  edge.resourceCountIs('AWS::EC2::NatGateway', 0);
  edge.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
  edge.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true });
});

test('functions run on Node 24 and arm64, and end before API Gateway gives up', () => {
  signaling.allResourcesProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
  });
  for (const { Properties } of Object.values(signaling.findResources('AWS::Lambda::Function')))
    assert(Properties.Timeout <= 30, `${Properties.Description} has ${Properties.Timeout} s`);
});

test('only the $connect of edges has an authoriser, which reads the token in the query', () => {
  const authorised = Object.values(signaling.findResources('AWS::ApiGatewayV2::Route'))
    .map(({ Properties }) => Properties)
    .filter(({ AuthorizationType }) => AuthorizationType !== 'NONE');
  assert.equal(authorised.length, 1);
  assert.equal(authorised[0]?.RouteKey, '$connect');
  assert.match(JSON.stringify(authorised[0]?.ApiId), /EdgeApi/);
  signaling.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'REQUEST',
    IdentitySource: ['route.request.querystring.token'],
  });
});

test('each stage has a limit, and new connections one of their own', () => {
  const stages = Object.values(signaling.findResources('AWS::ApiGatewayV2::Stage'));
  assert.equal(stages.length, 3);
  for (const { Properties } of stages) assert(Properties.DefaultRouteSettings.ThrottlingRateLimit > 0);
  signaling.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: 'v1',
    DefaultRouteSettings: { ThrottlingRateLimit: 5000, ThrottlingBurstLimit: 2500 },
    RouteSettings: { $connect: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 500 } },
  });
});

test('a stage shows a deployment that waits for all routes of its API', () => {
  const deployments = Object.values(signaling.findResources('AWS::ApiGatewayV2::Deployment'));
  assert.equal(deployments.length, 2);
  for (const { DependsOn } of deployments) assert.equal(DependsOn.length, 3);
});

test('a job that keeps failing becomes a dead letter, and jobs of a batch fail one by one', () => {
  signaling.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 5 }, VisibilityTimeout: 180 });
  signaling.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

test('the edges are looked after every minute', () => {
  signaling.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
});

test('an edge has the network of its instance, its secret from Secrets Manager, and time to end its calls', () => {
  edge.hasResourceProperties('AWS::ECS::TaskDefinition', {
    NetworkMode: 'host',
    ContainerDefinitions: [
      Match.objectLike({
        StopTimeout: 240 * 60,
        HealthCheck: Match.objectLike({ Retries: 4 }),
        Secrets: [
          Match.objectLike({ Name: 'SYLK_EDGE_TOKEN' }),
          { Name: 'SYLK_TRUNKS', ValueFrom: example('large').trunksSecretArn },
        ],
        Environment: Match.arrayWith([
          { Name: 'SYLK_MEDIA_PORTS', Value: '30000-49999' },
          { Name: 'SYLK_PEER_NETWORKS', Value: 'none' },
          { Name: 'SYLK_DRAIN_SECONDS', Value: String(240 * 60 - 20) },
        ]),
      }),
    ],
  });
});

test('an edge takes the settings that it is given', () => {
  const [task] = Object.values(edge.findResources('AWS::ECS::TaskDefinition'));
  const given: readonly { Name: string; Value: unknown }[] = task?.Properties.ContainerDefinitions[0].Environment;
  const schemes: Readonly<Record<string, string>> = { SYLK_EDGE_URL: 'wss', SYLK_BROWSER_API: 'https' };
  const whole = given.map(({ Name, Value }) => [
    Name,
    typeof Value === 'string' ? Value : `${schemes[Name]}://api.example/v1`,
  ]);
  const { drainSeconds, metricsPort } = readConfig(Object.fromEntries(whole), '/');
  assert.equal(drainSeconds, 240 * 60 - 20);
  assert.equal(metricsPort, 9464);
});

test('one edge an instance, new ones before old ones go, instances drained before they end', () => {
  edge.hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
    PlacementConstraints: [{ Type: 'distinctInstance' }],
    DesiredCount: Match.absent(),
  });
  edge.hasResourceProperties('AWS::ECS::CapacityProvider', {
    AutoScalingGroupProvider: { ManagedDraining: 'ENABLED', ManagedTerminationProtection: 'DISABLED' },
  });
  edge.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MinSize: '3', MaxSize: '80' });
});

test('edges are added by calls and by load', () => {
  edge.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: {
      CustomizedMetricSpecification: { MetricName: 'CallsOnEdge', Statistic: 'Average' },
      TargetValue: 300,
    },
  });
  edge.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  });
});

test('strangers reach the ports of SIP and media only', () => {
  const rules = Object.values(edge.findResources('AWS::EC2::SecurityGroup')).flatMap(
    ({ Properties }) => Properties.SecurityGroupIngress ?? [],
  );
  const ports = rules.map(({ IpProtocol, FromPort, ToPort }) => `${IpProtocol} ${FromPort}-${ToPort}`);
  assert.deepEqual([...new Set(ports)].sort(), [
    'tcp 30000-30007',
    'tcp 5060-5060',
    'udp 30000-49999',
    'udp 5060-5060',
  ]);
});

test('the page is private to CloudFront, and says by headers what it may do', () => {
  web.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  });
  web.resourceCountIs('AWS::CloudFront::OriginAccessControl', 1);
  const policies = Object.values(web.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
  const own = policies
    .map(({ Properties }) => Properties.ResponseHeadersPolicyConfig)
    .find(({ SecurityHeadersConfig }) => SecurityHeadersConfig.ContentSecurityPolicy);
  const { ContentSecurityPolicy, ContentTypeOptions, StrictTransportSecurity } = own.SecurityHeadersConfig;
  const csp = ContentSecurityPolicy.ContentSecurityPolicy;
  assert.match(csp, /connect-src 'self' wss:\/\/phone\.example\.org;/);
  assert.doesNotMatch(csp, /unsafe|ws:\/\//);
  assert.equal(ContentTypeOptions.Override, true);
  assert.equal(StrictTransportSecurity.AccessControlMaxAgeSec, 365 * 24 * 3600);
  const custom = own.CustomHeadersConfig.Items.map(({ Header }: { Header: string }) => Header);
  assert.deepEqual(custom, ['permissions-policy', 'cross-origin-opener-policy']);
});

test('other sites may load the element and the client library', () => {
  web.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
    ResponseHeadersPolicyConfig: {
      CorsConfig: { AccessControlAllowOrigins: { Items: ['*'] }, AccessControlAllowCredentials: false },
      CustomHeadersConfig: { Items: [{ Header: 'cross-origin-resource-policy', Value: 'cross-origin' }] },
    },
  });
});

test('the APIs are behind the host of the page, which shows them that it is in front', () => {
  const { Properties } = Object.values(web.findResources('AWS::CloudFront::Distribution'))[0] ?? { Properties: {} };
  const { CacheBehaviors, Origins, Aliases, WebACLId } = Properties.DistributionConfig;
  const paths = CacheBehaviors.map(({ PathPattern }: { PathPattern: string }) => PathPattern);
  assert.deepEqual(paths, [
    '/sylk-phone.js',
    '/sylkrtc.js',
    '/messages-*.js',
    '/api/*',
    '/healthz',
    '/readyz',
    '/webrtcgateway/messages/*',
    '/webrtcgateway/ws',
  ]);
  const shown = Origins.filter((origin: object) => JSON.stringify(origin).includes('x-sylk-front'));
  assert.equal(shown.length, 2);
  assert.match(JSON.stringify(shown[0]), /\{\{resolve:secretsmanager:/);
  assert.deepEqual(Aliases, ['phone.example.org']);
  assert.match(WebACLId, /:global\/webacl\/sylk\//);
});

test('no secret is in the environment of a function', () => {
  for (const { Properties } of Object.values(signaling.findResources('AWS::Lambda::Function')))
    assert.doesNotMatch(JSON.stringify(Properties.Environment), /resolve:secretsmanager|SecretString/);
});

test('there is an alarm for calls that fail, slow requests, lost edges, throttling and dead letters', () => {
  const names = Object.keys(observability.findResources('AWS::CloudWatch::Alarm'));
  for (const wanted of [
    'CallsFailing',
    'SlowRequests',
    'EdgeLost',
    'FewEdges',
    'TableThrottled',
    'FunctionsThrottled',
    'DeadLetters',
    'WatchStopped',
  ])
    assert(
      names.some((name) => name.startsWith(`Alarms${wanted}`)),
      `no alarm ${wanted}`,
    );
  observability.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  observability.allResourcesProperties('AWS::CloudWatch::Alarm', {
    AlarmActions: [{ Ref: Match.stringLikeRegexp('AlarmTopic') }],
  });
});

test('alarms may write to the topic that mails them', () => {
  observability.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
      ]),
    },
  });
});

test('what the account or the table needs further is retained', () => {
  signaling.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
  state.hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('without edges here there is no edge stack, and no alarm that misses them', () => {
  const without = exampleTemplates('small', { edgesMin: 0, edgesMax: 0, edgeImage: undefined });
  assert.equal(without.edge, undefined);
  const alarms = Object.keys(without.observability.findResources('AWS::CloudWatch::Alarm'));
  assert(!alarms.some((name) => name.startsWith('AlarmsFewEdges')));
});

for (const name of ['small', 'large'] as const) {
  test(`cdk-nag finds nothing in the ${name} example that is not explained`, () => {
    const app = exampleStacks(name).state.node.root;
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    assert.deepEqual(
      violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources.length]),
      [],
    );
  });
}
