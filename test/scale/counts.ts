/** What one event costs the cloud. Store operations are requests to DynamoDB; messages are those of API Gateway. */
export interface Counts {
  readonly storeReads: number;
  readonly storeWrites: number;
  readonly lambdaCalls: number;
  /** From and to browsers and edges, `@connections` posts included. */
  readonly messages: number;
  /** Of these messages. */
  readonly bytes: number;
}

/**
 * The steps that are counted: a page connects and signs in, a call goes out or comes in (from the first request to the
 * last event of its end), a text goes from one of ours to another, its reader says so, a page gives a sign of life, an
 * edge renews its lease.
 */
export const steps = ['connect', 'callOut', 'callIn', 'message', 'receipt', 'ping', 'renewal'] as const;
export type Step = (typeof steps)[number];

/** As counted by a run of the real thing; see count.ts. */
export type Counted = Readonly<Record<Step, Counts>>;

export const nothing: Counts = { storeReads: 0, storeWrites: 0, lambdaCalls: 0, messages: 0, bytes: 0 };

/** What so many of each step cost together. */
export const sumOf = (counted: Counted, times: Readonly<Record<Step, number>>): Counts =>
  steps.reduce((sum, step) => combine(sum, counted[step], (one, other) => one + times[step] * other), nothing);

export const combine = (one: Counts, other: Counts, how: (one: number, other: number) => number): Counts => ({
  storeReads: how(one.storeReads, other.storeReads),
  storeWrites: how(one.storeWrites, other.storeWrites),
  lambdaCalls: how(one.lambdaCalls, other.lambdaCalls),
  messages: how(one.messages, other.messages),
  bytes: how(one.bytes, other.bytes),
});
