import { cpuOfThread, cpuSeconds, rssMiB } from '../load/cpu.ts';
import type { Measured } from '../report.ts';
import { type Messenger, startBare, startOurs } from './contestants.ts';
import { People } from './people.ts';

/** Texts a second that have to be kept up. */
const perSecond = 100;

export interface MessagesWish {
  readonly accounts: number;
  /** How long texts are written at ours. */
  readonly seconds: number;
  /** How long at the bare loop, whose figures settle at once. */
  readonly bareSeconds: number;
}

/** What texts cost between signed-in accounts, at signaling and at the least that could hand them over. */
export const measureMessages = async ({ accounts, seconds, bareSeconds }: MessagesWish): Promise<Measured[]> => [
  ...(await measureAt(startOurs, accounts, seconds)),
  ...(await measureAt(startBare, accounts, bareSeconds)),
];

const measureAt = async (start: () => Promise<Messenger>, accounts: number, seconds: number): Promise<Measured[]> => {
  const messenger = await start();
  const rows: Measured[] = [];
  const note = (what: string, value: number) => {
    rows.push({ who: messenger.name, what, value });
    console.error(`${messenger.name.padEnd(20)} ${what.padEnd(50)} ${value.toFixed(2)}`);
  };
  try {
    const people = await People.signIn(messenger.origin, accounts, () => messenger.account());
    const pids = [messenger.pid];
    note('memory (RSS) before the first text, MiB', rssMiB(messenger.pid));
    const [cpu, own, beganAt] = [cpuSeconds(pids), cpuOfThread(), performance.now()];
    const { took, lost } = await people.write(perSecond, seconds);
    const elapsed = (performance.now() - beganAt) / 1000;
    note('texts a second', took.length / elapsed);
    note('texts that did not come', lost);
    note('send to `message` event, p50, ms', took[Math.floor(0.5 * took.length)] ?? 0);
    note('send to `message` event, p99, ms', took[Math.floor(0.99 * took.length)] ?? 0);
    note('CPU, % of a core', (100 * (cpuSeconds(pids) - cpu)) / elapsed);
    note('memory (RSS) after the last text, MiB', rssMiB(messenger.pid));
    note('load generator, % of a core', (100 * (cpuOfThread() - own)) / elapsed);
    people.close();
  } finally {
    await messenger.stop();
  }
  return rows;
};
