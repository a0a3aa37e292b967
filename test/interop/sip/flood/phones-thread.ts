/** Twenty phones in a thread of their own, so that nothing else keeps them from speaking in time. */
import { parentPort, workerData } from 'node:worker_threads';
import { FloodPhone, type Gateway, type Hearing } from './flood-phone.ts';

export interface PhonesTask {
  readonly gateway: Gateway;
  readonly addresses: readonly string[];
}

export type PhonesOrder = 'start over' | 'report' | 'change and hang up';

export type PhonesNews =
  | { readonly kind: 'up'; readonly targets: readonly number[] }
  | { readonly kind: 'report'; readonly hearings: readonly Hearing[] }
  | { readonly kind: 'over'; readonly failures: readonly string[] };

const packetMs = 20;
const tell = (news: PhonesNews) => parentPort?.postMessage(news);

async function run({ gateway, addresses }: PhonesTask): Promise<void> {
  const phones = await Promise.all(addresses.map((address) => FloodPhone.call(address, gateway)));
  speak(phones);
  tell({ kind: 'up', targets: phones.map(({ target }) => target) });
  parentPort?.on('message', (order: PhonesOrder) => {
    if (order === 'start over') for (const phone of phones) phone.startOver();
    else if (order === 'report') tell({ kind: 'report', hearings: phones.map(({ hearing }) => hearing) });
    else void end(phones).then((failures) => tell({ kind: 'over', failures }));
  });
}

/** As many packets as are due, so that a late timer loses none. */
function speak(phones: readonly FloodPhone[]): void {
  const started = performance.now();
  let said = 0;
  setInterval(() => {
    for (const due = (performance.now() - started) / packetMs; said < due; said++)
      for (const phone of phones) phone.say();
  }, packetMs / 2);
}

/** Each is put on hold, taken back and ended. */
async function end(phones: readonly FloodPhone[]): Promise<string[]> {
  const results = await Promise.allSettled(
    phones.map(async (phone) => {
      await phone.changes('sendonly', 2);
      await phone.changes('sendrecv', 3);
      await phone.hangsUp();
    }),
  );
  return results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
}

await run(workerData);
