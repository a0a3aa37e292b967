import { describe, it } from 'node:test';
import type { Store } from '../../../functions/src/ports/store.ts';

/** One adapter under test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Lets reads that may lag behind catch up. */
  settle(): Promise<void>;
  /** Deletes what has expired by `at`, as a time-to-live job would some day. */
  clean(at: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<StoreUnderTest>;

/** What holds for a port, each fact with the check that shows it. */
export type Facts = Readonly<Record<string, (under: StoreUnderTest) => Promise<void>>>;

/** Tests the facts about a port; each gets an empty store. */
export const facts = (port: string, open: OpenStore, list: Facts) => {
  describe(port, { concurrency: true }, () => {
    for (const [fact, check] of Object.entries(list)) it(fact, () => withStore(open, check));
  });
};

const withStore = async (open: OpenStore, check: (under: StoreUnderTest) => Promise<void>): Promise<void> => {
  const under = await open();
  try {
    await check(under);
  } finally {
    await under.close();
  }
};

/** Runs a check on expired items twice: while they are still there, and after they were cleaned away. */
export const presentAndGone = async (under: StoreUnderTest, at: number, check: () => Promise<void>): Promise<void> => {
  await check();
  await under.clean(at);
  await check();
};

/** Starts all at once and counts the results that are `wanted`. */
export const countOf = async <Result>(wanted: Result, tries: readonly (() => Promise<Result>)[]): Promise<number> => {
  const results = await Promise.all(tries.map((attempt) => attempt()));
  return results.filter((result) => result === wanted).length;
};
