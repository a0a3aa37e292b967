import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Settings } from './config.ts';
import { GatewayAlarms } from './constructs/gateway-alarms.ts';
import { GatewayDashboard } from './constructs/gateway-dashboard.ts';
import type { EdgeStack } from './edge-stack.ts';
import { readMetric, type SignalingMetrics, signalingMetrics } from './logged-metrics.ts';
import type { SignalingStack } from './signaling-stack.ts';
import type { StateStack } from './state-stack.ts';

export interface ObservabilityStackProps extends StackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly signaling: SignalingStack;
  readonly edge?: EdgeStack;
  /** Of the metrics. */
  readonly namespace: string;
}

/** Dashboard and alarms. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { settings, state, signaling, edge, namespace } = props;
    const read = (name: keyof SignalingMetrics) => readMetric(this, signaling.log, namespace, signalingMetrics[name]);
    const logged = { edgesLost: read('edgesLost'), connections: read('connections'), errors: read('errors') };
    const parts = { state, signaling, edge, logged };
    const alarms = new GatewayAlarms(this, 'Alarms', {
      ...parts,
      minEdges: settings.edges.min,
      action: this.#mailTo(settings.alarmEmail),
    });
    new GatewayDashboard(this, 'Overview', { ...parts, name: settings.name, alarms });
  }

  #mailTo(address: string | undefined): IAlarmAction | undefined {
    if (address === undefined) return undefined;
    const topic = new Topic(this, 'AlarmTopic', { displayName: 'Sylk gateway', enforceSSL: true });
    topic.addSubscription(new EmailSubscription(address));
    // The policy above takes the place of the one that a topic has by itself, by which alarms of the account may write.
    topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    return new SnsAction(topic);
  }
}
