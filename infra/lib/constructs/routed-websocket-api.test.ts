import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { RoutedWebSocketApi, type WebSocketRouteKey } from './routed-websocket-api.ts';

// CloudFormation's own validation takes seconds a template.
process.env.CDK_VALIDATION = 'false';

/** Name of the deployment that the stage shows. */
const deployed = (handlers: Readonly<Record<WebSocketRouteKey, string>>, code = 'a'): string => {
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
    throttle: { rate: 10, burst: 10 },
    connectThrottle: { rate: 1, burst: 1 },
    accessLog: new LogGroup(stack, 'Log'),
  });
  const [stage] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Stage'));
  return stage?.Properties.DeploymentId.Ref;
};

const routes = { $connect: 'In', $disconnect: 'Out', $default: 'Message' };

test('a stage shows a new deployment when a route leads elsewhere', () => {
  assert.notEqual(deployed({ ...routes, $disconnect: 'Message' }), deployed(routes));
});

test('new code of a function does not, so sockets stay', () => {
  assert.equal(deployed(routes, 'b'), deployed(routes, 'a'));
});
