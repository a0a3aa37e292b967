import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { RoutedWebSocketApi, type WebSocketRouteKey } from './routed-websocket-api.ts';

// CloudFormation's own validation takes seconds a template.
process.env.CDK_VALIDATION = 'false';

/** Name of the deployment that the stage shows. */
const deployed = (
  handlers: Readonly<Record<WebSocketRouteKey, string>>,
  { code = 'a', identitySource }: { readonly code?: string; readonly identitySource?: string } = {},
): string => {
  const stack = new Stack(new App(), 'Stack');
  const functions = new Map(
    [...new Set(Object.values(handlers))].map((id) => {
      const inline = Code.fromInline(`exports.handler = async () => '${code}';`);
      const props = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: inline };
      return [id, new LambdaFunction(stack, id, props)] as const;
    }),
  );
  const handler = (key: WebSocketRouteKey): LambdaFunction => {
    const found = functions.get(handlers[key]);
    assert(found);
    return found;
  };
  new RoutedWebSocketApi(stack, 'Api', {
    name: 'api',
    description: 'an API',
    routes: { $connect: handler('$connect'), $disconnect: handler('$disconnect'), $default: handler('$default') },
    ...(identitySource && { authorizer: authorizerBy(handler('$connect'), identitySource) }),
    throttle: { rate: 10, burst: 10 },
    connectThrottle: { rate: 1, burst: 1 },
    accessLog: new LogGroup(stack, 'Log'),
  });
  const [stage] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Stage'));
  return stage?.Properties.DeploymentId.Ref;
};

const authorizerBy = (handler: LambdaFunction, identitySource: string): WebSocketLambdaAuthorizer =>
  new WebSocketLambdaAuthorizer('Authorizer', handler, { identitySource: [identitySource] });

const routes = { $connect: 'In', $disconnect: 'Out', $default: 'Message' };

test('a stage shows a new deployment when a route leads elsewhere', () => {
  assert.notEqual(deployed({ ...routes, $disconnect: 'Message' }), deployed(routes));
});

test('a stage shows a new deployment when connections are authorised otherwise', () => {
  const [none, byHeader, byQuery] = [
    deployed(routes),
    deployed(routes, { identitySource: 'route.request.header.Authorization' }),
    deployed(routes, { identitySource: 'route.request.querystring.token' }),
  ];
  assert.equal(new Set([none, byHeader, byQuery]).size, 3);
});

test('new code of a function does not, so sockets stay', () => {
  assert.equal(deployed(routes, { code: 'b' }), deployed(routes, { code: 'a' }));
});
