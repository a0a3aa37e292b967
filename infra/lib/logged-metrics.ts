import { Duration } from 'aws-cdk-lib';
import { Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** A number that is read off lines of a log: CloudWatch counts the lines, or takes the value of a field. */
interface LoggedMetric {
  readonly metricName: string;
  /** In the filter language of CloudWatch Logs; the texts are those of the log calls, as a test sees to. */
  readonly pattern: string;
  /** Field whose value it is; without one, lines are counted. */
  readonly field?: string;
  readonly unit?: Unit;
  readonly statistic: string;
}

const said = (message: string): string => `$.msg = "${message}"`;

/** What the edges log. */
export const edgeMetrics = {
  /** Of each edge once a minute; the mean is calls per edge. */
  calls: {
    metricName: 'CallsOnEdge',
    pattern: `{ ${said('load')} && $.calls = * }`,
    field: '$.calls',
    unit: Unit.COUNT,
    statistic: 'Average',
  },
  callsBegun: { metricName: 'CallsBegun', pattern: `{ ${said('a call begins')} }`, statistic: 'Sum' },
  /** Time from the beginning of a call to its answer, which has the callee's patience in it. */
  answerTime: {
    metricName: 'AnswerTime',
    pattern: `{ ${said('a call is answered')} && $.setUpMs = * }`,
    field: '$.setUpMs',
    unit: Unit.MILLISECONDS,
    statistic: 'p50',
  },
  /** A fault of ours, as opposed to a callee who is busy or an address that does not exist. */
  callsFailed: {
    metricName: 'CallsFailed',
    pattern: `{ ${said('a call is over')} && $.by = "gateway" && $.reason = "5*" }`,
    statistic: 'Sum',
  },
  errors: { metricName: 'EdgeErrors', pattern: '{ $.level >= 50 }', statistic: 'Sum' },
} as const satisfies Readonly<Record<string, LoggedMetric>>;

export type EdgeMetrics = Readonly<Record<keyof typeof edgeMetrics, Metric>>;

/** What the functions log. */
export const signalingMetrics = {
  edgesLost: {
    metricName: 'EdgesLost',
    pattern: `{ ${said('an edge has not renewed its lease and is lost')} }`,
    statistic: 'Sum',
  },
  connections: { metricName: 'Connections', pattern: `{ ${said('a connection is open')} }`, statistic: 'Sum' },
  errors: { metricName: 'SignalingErrors', pattern: '{ $.level >= 50 }', statistic: 'Sum' },
} as const satisfies Readonly<Record<string, LoggedMetric>>;

export type SignalingMetrics = Readonly<Record<keyof typeof signalingMetrics, Metric>>;

/** Reads a number off a log from now on. */
export const readMetric = (scope: Construct, log: ILogGroup, namespace: string, metric: LoggedMetric): Metric => {
  const { metricName, pattern, field, unit, statistic } = metric;
  new MetricFilter(scope, metricName, {
    logGroup: log,
    filterPattern: FilterPattern.literal(pattern),
    metricNamespace: namespace,
    metricName,
    metricValue: field ?? '1',
    unit,
    // A count of nothing is nothing, but a time of nothing is no time.
    defaultValue: field === undefined ? 0 : undefined,
  });
  return new Metric({ namespace, metricName, statistic, unit, period: Duration.minutes(1) });
};
