import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { EdgeStack } from '../edge-stack.ts';
import type { SignalingMetrics } from '../logged-metrics.ts';
import type { SignalingStack } from '../signaling-stack.ts';
import type { StateStack } from '../state-stack.ts';
import type { GatewayAlarms } from './gateway-alarms.ts';

export interface GatewayDashboardProps {
  readonly name: string;
  readonly state: StateStack;
  readonly signaling: SignalingStack;
  readonly edge?: EdgeStack;
  readonly logged: SignalingMetrics;
  readonly alarms: GatewayAlarms;
}

/** One page: is it well, how are calls, what do edges carry, what does signaling do. */
export class GatewayDashboard extends Construct {
  constructor(scope: Construct, id: string, props: GatewayDashboardProps) {
    super(scope, id);
    const alarms = new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms.all], width: 24, height: 3 });
    new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      widgets: [[alarms], edgeWidgets(props), signalingWidgets(props), storeWidgets(props)],
    });
  }
}

const graph = (title: string, left: readonly IMetric[], right: readonly IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, left: [...left], right: [...right], width: 8, height: 6 });

const edgeWidgets = ({ edge, logged }: GatewayDashboardProps): IWidget[] => {
  if (edge === undefined) return [];
  const { calls, callsBegun, callsFailed, answerTime } = edge.metrics;
  return [
    graph('Calls begun, and failed by a fault of ours', [callsBegun], [callsFailed]),
    graph('Time to the answer (ms)', [answerTime, answerTime.with({ statistic: 'p95' })]),
    graph(
      'Calls on an edge, number of edges, edges lost',
      [calls, calls.with({ statistic: 'Maximum' })],
      [calls.with({ statistic: 'SampleCount' }), logged.edgesLost],
    ),
  ];
};

const signalingWidgets = ({ signaling, logged }: GatewayDashboardProps): IWidget[] => {
  const { functions } = signaling;
  const busy = [functions.connect, functions.message, functions['edge-link'], functions['follow-up']];
  return [
    graph('New connections, errors logged', [logged.connections], [logged.errors]),
    graph(
      'Functions: p95 (ms)',
      busy.map((one) => one.metricDuration({ statistic: 'p95' })),
    ),
    graph(
      'Functions: runs, throttled',
      busy.map((one) => one.metricInvocations()),
      busy.map((one) => one.metricThrottles()),
    ),
  ];
};

const storeWidgets = ({ state, signaling }: GatewayDashboardProps): IWidget[] => {
  const { queue, deadLetters } = signaling.followUps;
  return [
    graph('Table: units used', [
      state.table.metricConsumedReadCapacityUnits(),
      state.table.metricConsumedWriteCapacityUnits(),
    ]),
    graph('Follow-ups: age of the oldest (s)', [queue.metricApproximateAgeOfOldestMessage()]),
    graph('Dead letters', [deadLetters.metricApproximateNumberOfMessagesVisible()]),
  ];
};
