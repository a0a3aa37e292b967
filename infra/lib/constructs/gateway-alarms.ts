import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { EdgeStack } from '../edge-stack.ts';
import type { SignalingMetrics } from '../logged-metrics.ts';
import type { SignalingStack } from '../signaling-stack.ts';
import type { StateStack } from '../state-stack.ts';

export interface GatewayAlarmsProps {
  readonly state: StateStack;
  readonly signaling: SignalingStack;
  /** Absent where the operator runs edges elsewhere. */
  readonly edge?: EdgeStack;
  readonly logged: SignalingMetrics;
  /** Edges that there should be at least. */
  readonly minEdges: number;
  readonly action?: IAlarmAction;
}

interface Rule {
  readonly description: string;
  readonly metric: IMetric;
  /** The alarm is raised from this value on, or below it. */
  readonly from?: number;
  readonly below?: number;
  /** In so many periods of the metric one after the other. */
  readonly periods: number;
  readonly isMissingBad?: boolean;
}

/** Calls in five minutes under which a share of failed ones says nothing. */
const enoughCalls = 10;

/** What an operator has to be told at once. */
export class GatewayAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: GatewayAlarmsProps) {
    super(scope, id);
    const rules = { ...signalingRules(props), ...edgeRules(props) };
    this.all = Object.entries(rules).map(([name, rule]) => this.#newAlarm(name, rule, props.action));
  }

  #newAlarm(id: string, rule: Rule, action: IAlarmAction | undefined): Alarm {
    const { description, metric, from, below, periods, isMissingBad = false } = rule;
    const alarm = new Alarm(this, id, {
      alarmDescription: `Sylk gateway: ${description}`,
      metric,
      threshold: from ?? below ?? 1,
      comparisonOperator:
        from === undefined
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: isMissingBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    if (action) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return alarm;
  }
}

const minute = { period: Duration.minutes(1) };
const fiveMinutes = { period: Duration.minutes(5) };

const signalingRules = ({ state, signaling, logged }: GatewayAlarmsProps): Readonly<Record<string, Rule>> => {
  const { functions, followUps } = signaling;
  return {
    EdgeLost: { description: 'an edge was lost, and its calls with it', metric: logged.edgesLost, from: 1, periods: 1 },
    DeadLetters: {
      description: 'jobs could not be done after several attempts',
      metric: followUps.deadLetters.metricApproximateNumberOfMessagesVisible(fiveMinutes),
      from: 1,
      periods: 1,
    },
    TableThrottled: {
      description: 'the table refuses requests',
      metric: state.table.metricThrottledRequestsForOperations({
        ...fiveMinutes,
        operations: [
          Operation.GET_ITEM,
          Operation.BATCH_GET_ITEM,
          Operation.QUERY,
          Operation.PUT_ITEM,
          Operation.UPDATE_ITEM,
          Operation.DELETE_ITEM,
        ],
      }),
      from: 1,
      periods: 2,
    },
    FunctionsThrottled: {
      description: 'functions are refused, requests of browsers and edges with them',
      metric: sumOf(Object.values(functions).map((one) => one.metricThrottles(fiveMinutes))),
      from: 1,
      periods: 2,
    },
    SlowRequests: {
      description: 'our part of setting up a call is slow: one request in twenty takes over a second',
      metric: functions.message.metricDuration({ ...fiveMinutes, statistic: 'p95' }),
      from: 1_000,
      periods: 3,
    },
    SignalingErrors: {
      description: 'the functions log errors',
      metric: logged.errors.with(fiveMinutes),
      from: 5,
      periods: 1,
    },
    WatchStopped: {
      description: 'nobody looks whether edges are lost',
      metric: functions['watch-edges'].metricInvocations(minute),
      below: 1,
      periods: 5,
      isMissingBad: true,
    },
  };
};

const edgeRules = ({ edge, minEdges }: GatewayAlarmsProps): Readonly<Record<string, Rule>> => {
  if (edge === undefined) return {};
  const { calls, callsBegun, callsFailed, errors } = edge.metrics;
  return {
    CallsFailing: {
      description: 'one call in twenty fails by a fault of ours',
      metric: new MathExpression({
        expression: `IF(begun >= ${enoughCalls}, 100 * failed / begun, 0)`,
        label: 'percent',
        usingMetrics: { begun: callsBegun.with(fiveMinutes), failed: callsFailed.with(fiveMinutes) },
        ...fiveMinutes,
      }),
      from: 5,
      periods: 3,
    },
    // Each edge says once a minute how many calls it has: so many lines, so many edges.
    FewEdges: {
      description: 'there are fewer edges than edgesMin',
      metric: calls.with({ statistic: 'SampleCount', ...minute }),
      below: minEdges,
      periods: 5,
      isMissingBad: minEdges > 0,
    },
    EdgeErrors: { description: 'edges log errors', metric: errors.with(fiveMinutes), from: 5, periods: 1 },
  };
};

const sumOf = (metrics: readonly Metric[]): MathExpression => {
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const);
  const expression = named.map(([name]) => name).join(' + ');
  return new MathExpression({ expression, usingMetrics: Object.fromEntries(named), ...fiveMinutes });
};
