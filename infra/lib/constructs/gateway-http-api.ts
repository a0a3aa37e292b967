import { Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Throttle } from './routed-websocket-api.ts';

export interface GatewayHttpApiProps {
  readonly name: string;
  readonly handler: IFunction;
  /** Requests per second and burst. */
  readonly throttle: Throttle;
  readonly accessLog: ILogGroup;
}

/** The HTTP interface: every path leads to one function, which knows which there are. */
export class GatewayHttpApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { name, handler, throttle, accessLog }: GatewayHttpApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: name,
      description: 'Sylk gateway: HTTP interface',
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Integration', handler),
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
    acknowledge(this.api, {
      APIG4: 'addresses are given to strangers, limited by the function; the rest asks for the password of an address',
    });
  }

  /** Host without path, for what stands in front. */
  get host(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
  }
}

/** One line of JSON a request; no content, no credentials. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    method: '$context.httpMethod',
    path: '$context.path',
    status: '$context.status',
    error: '$context.error.message',
    integrationLatency: '$context.integrationLatency',
    integrationError: '$context.integrationErrorMessage',
    sourceIp: '$context.identity.sourceIp',
  }),
);
