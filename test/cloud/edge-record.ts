import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from './cloud.ts';
import { at, numberAt } from './json-path.ts';

/** What the table says about an edge. */
export interface EdgeRecord {
  readonly status: unknown;
  readonly isDraining: boolean;
  readonly generation: number;
}

const patienceMs = 20_000;

/** Waits until what the table says about the edge of this name fits. */
export const edgeRecord = async (
  { table, deployment }: Cloud,
  name: string,
  fits: (record: EdgeRecord) => boolean,
): Promise<EdgeRecord> => {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(50)) {
    const items = await table.items(deployment.table.ref);
    const item = items.find((one) => at(one, 'pk', 'S') === 'E' && at(one, 'sk', 'S') === name);
    const record = {
      status: at(item, 'status', 'S'),
      isDraining: at(item, 'isDraining', 'BOOL') === true,
      generation: numberAt(item, 0, 'generation', 'N'),
    };
    if (fits(record)) return record;
  }
  throw new Error(`the record of ${name} did not become what was expected in ${patienceMs} ms`);
};
