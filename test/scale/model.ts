/** What the counts mean for a service: cost a month, load at its busiest, edges. */
import { leaseRenewMs, pingIdleMs, pingInCallMs } from '@sylk/protocol/limits.ts';
import { type Counted, type Step, sumOf } from './counts.ts';
import { prices } from './prices.ts';

/** How a user behaves; change these to model another service. */
export const habits = {
  /** Hours a day with the page open. */
  openHours: 8,
  connectsADay: 4,
  callsADay: 3,
  callMinutes: 4,
  /** Share of the calls that come in; the others go out. */
  incomingShare: 0.5,
  /** Texts that a user writes; each is told to have arrived, and to have been read. */
  messagesADay: 20,
  receiptsAMessage: 2,
  /** Share of a day's calls in its busiest hour. */
  busiestHourShare: 0.15,
  daysAMonth: 30,
} as const;

/** Of an edge as it was measured; see docs/benchmarks.md. */
export const edge = {
  cores: 2,
  /** CPU of a relayed call with sound, in cores; an upper bound from the benchmark's machine. */
  coresPerCall: 0.01,
  /** Above this load new calls wait too long. */
  usableShare: 0.6,
  /** The fewest, so that one can be lost. */
  least: 2,
  /** To the browser and to the phone: 50 packets a second of 160 + 40 bytes, and SRTP on one side. */
  bytesPerSecondPerCall: 2 * 50 * 210,
} as const;

/**
 * Writes that DynamoDB makes by itself in its two indexes, and charges: a session comes, goes, and one that came in
 * changes once when it is answered.
 */
const indexWrites = { callOut: 4, callIn: 6 } as const;

/** A function's memory and the time of a call; an upper bound from the emulation. */
const lambdaGb = 0.25;
const lambdaSeconds = 0.03;

export interface Month {
  readonly users: number;
  readonly usd: Readonly<Record<'API Gateway' | 'Lambda' | 'DynamoDB' | 'edges' | 'traffic' | 'sum', number>>;
  /** In the busiest hour; messages, runs of functions and operations a second. */
  readonly peak: {
    readonly connections: number;
    readonly callsAtOnce: number;
    readonly messages: number;
    readonly lambdaCalls: number;
    readonly storeWrites: number;
    readonly storeReads: number;
    readonly edges: number;
  };
}

export const monthOf = (users: number, counted: Counted): Month => {
  const peak = peakOf(users, counted);
  const total = sumOf(counted, { ...stepsADay(users), renewal: 86_400 * renewalsASecond(peak.edges) });
  const days = habits.daysAMonth;
  const callSeconds = users * habits.callsADay * habits.callMinutes * 60 * days;
  const parts = {
    'API Gateway':
      millions(total.messages * days) * prices.messagesMillion +
      millions(users * habits.openHours * 60 * days) * prices.connectionMinutesMillion,
    Lambda:
      millions(total.lambdaCalls * days) * prices.lambdaMillion +
      total.lambdaCalls * days * lambdaGb * lambdaSeconds * prices.lambdaGbSecond,
    DynamoDB:
      millions((total.storeWrites + indexWritesADay(users)) * days) * prices.writesMillion +
      millions(total.storeReads * days) * prices.readsMillion,
    edges: peak.edges * 24 * days * prices.edgeHour,
    traffic: ((callSeconds * edge.bytesPerSecondPerCall) / 1e9) * prices.trafficGb,
  };
  const sum = Object.values(parts).reduce((one, other) => one + other, 0);
  return { users, usd: { ...parts, sum }, peak };
};

/** Of the users; leases come from the edges. */
const stepsADay = (users: number): Readonly<Record<Exclude<Step, 'renewal'>, number>> => {
  const calls = users * habits.callsADay;
  return {
    connect: users * habits.connectsADay,
    callOut: calls * (1 - habits.incomingShare),
    callIn: calls * habits.incomingShare,
    message: users * habits.messagesADay,
    receipt: users * habits.messagesADay * habits.receiptsAMessage,
    ping: (users * habits.openHours * 3_600_000) / pingIdleMs + (calls * habits.callMinutes * 60_000) / pingInCallMs,
  };
};

const indexWritesADay = (users: number): number => {
  const { callOut, callIn } = stepsADay(users);
  return callOut * indexWrites.callOut + callIn * indexWrites.callIn;
};

const renewalsASecond = (edges: number): number => (edges * 2 * 1000) / leaseRenewMs;

const peakOf = (users: number, counted: Counted): Month['peak'] => {
  const day = stepsADay(users);
  const seconds = 3_600 / habits.busiestHourShare;
  const callsAtOnce = ((day.callOut + day.callIn) / seconds) * habits.callMinutes * 60;
  const callsPerEdge = (edge.cores * edge.usableShare) / edge.coresPerCall;
  const edges = Math.max(edge.least, Math.ceil(callsAtOnce / callsPerEdge));
  const second = combineSteps(day, (times) => times / seconds);
  const { messages, lambdaCalls, storeWrites, storeReads } = sumOf(counted, {
    ...second,
    renewal: renewalsASecond(edges),
  });
  return { connections: users, callsAtOnce, messages, lambdaCalls, storeWrites, storeReads, edges };
};

const combineSteps = (
  { connect, callOut, callIn, message, receipt, ping }: ReturnType<typeof stepsADay>,
  how: (times: number) => number,
): ReturnType<typeof stepsADay> => ({
  connect: how(connect),
  callOut: how(callOut),
  callIn: how(callIn),
  message: how(message),
  receipt: how(receipt),
  ping: how(ping),
});

const millions = (count: number): number => count / 1e6;
