/** What each step may cost in the cloud at most; docs/scale.md reckons with these. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { countAll } from '../scale/count.ts';
import { type Counted, type Counts, steps } from '../scale/counts.ts';

type Budget = Omit<Counts, 'bytes'>;

const budgets: Readonly<Record<(typeof steps)[number], Budget>> = {
  connect: { storeReads: 9, storeWrites: 7, lambdaCalls: 5, messages: 7 },
  callOut: { storeReads: 4, storeWrites: 4, lambdaCalls: 4, messages: 15 },
  callIn: { storeReads: 4, storeWrites: 3, lambdaCalls: 6, messages: 20 },
  message: { storeReads: 5, storeWrites: 4, lambdaCalls: 1, messages: 4 },
  receipt: { storeReads: 3, storeWrites: 3, lambdaCalls: 1, messages: 3 },
  ping: { storeReads: 0, storeWrites: 0, lambdaCalls: 1, messages: 2 },
  renewal: { storeReads: 0, storeWrites: 1, lambdaCalls: 1, messages: 2 },
};
const fields = ['storeReads', 'storeWrites', 'lambdaCalls', 'messages'] as const;

describe('what a step costs in the cloud', () => {
  let counted: Counted;
  before(async () => {
    counted = await countAll();
  });

  for (const step of steps) {
    it(`${step}: ${fields.map((field) => `${budgets[step][field]} ${field}`).join(', ')} at most`, () => {
      for (const field of fields)
        assert.ok(counted[step][field] <= budgets[step][field], `${field}: ${counted[step][field]}`);
    });
  }
});
