/**
 * `npm run bench`: this gateway beside Debian's Janus (SIP plugin) and a bare loop, in turns, in one run.
 * Prints the table and writes docs/benchmarks.md. `--rounds N` (3), `--calls 1,25,50`, `--seconds N` (10) change its size.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBare } from './gateways/bare.ts';
import { startJanus } from './gateways/janus.ts';
import { startOurs } from './gateways/ours.ts';
import type { Contestant } from './load/contestant.ts';
import { cpuSeconds, memoryMiB } from './load/cpu.ts';
import type { Latencies, Watched } from './load/generator.ts';
import { LoadGenerator } from './load/load-generator.ts';
import { type Measured, report } from './report.ts';

const { values: settings } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    calls: { type: 'string', default: '1,25,50' },
    seconds: { type: 'string', default: '10' },
    setups: { type: 'string', default: '400' },
  },
});
const contestants = [startOurs, startJanus, startBare];
const measured: Measured[] = [];

for (let round = 0; round < Number(settings.rounds); round++) {
  for (const start of contestants) {
    const contestant = await start();
    try {
      measured.push(...(await measure(contestant, round)));
    } finally {
      await contestant.stop();
    }
  }
}
const text = report(measured);
console.log(text);
await writeFile(join(import.meta.dirname, '../../docs/benchmarks.md'), text);

async function measure(contestant: Contestant, round: number): Promise<Measured[]> {
  const rows: Measured[] = [];
  const note = (what: string, value: number) => {
    rows.push({ who: contestant.name, what, value });
    console.error(`round ${round + 1}  ${contestant.name.padEnd(14)} ${what.padEnd(44)} ${value.toFixed(2)}`);
  };
  const pids = contestant.processes.flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid]));
  const load = new LoadGenerator(contestant.access);
  try {
    await load.ready;
    note('memory idle, MiB', memoryMiB(pids));
    const latency = await load.order<Latencies>({ do: 'latency', calls: 15 });
    for (const value of latency.invite.slice(2)) note('request to INVITE, ms', value);
    for (const value of latency.media.slice(2)) note('request to media both ways, ms', value);
    for (const calls of settings.calls.split(',').map(Number)) await measureCalls(load, pids, calls, note);
    await measureSetups(load, pids, note);
  } finally {
    load.stop();
  }
  return rows;
}

async function measureCalls(
  load: LoadGenerator,
  pids: number[],
  calls: number,
  note: (what: string, value: number) => void,
): Promise<void> {
  await load.order({ do: 'establish', calls });
  await load.order<Watched>({ do: 'watch', seconds: 2 });
  const seconds = Number(settings.seconds);
  const [cpu, start] = [cpuSeconds(pids), performance.now()];
  const watched = await load.order<Watched>({ do: 'watch', seconds });
  const used = (cpuSeconds(pids) - cpu) / ((performance.now() - start) / 1000);
  note(`CPU per call at ${calls}, % of a core`, (100 * used) / calls);
  note(`memory at ${calls} calls, MiB`, memoryMiB(pids));
  note(`delivered at ${calls}, %`, 100 * watched.delivered);
  note(`load generator at ${calls}, % of a core`, 100 * watched.generatorCpu);
  await load.order({ do: 'end' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

async function measureSetups(
  load: LoadGenerator,
  pids: number[],
  note: (what: string, value: number) => void,
): Promise<void> {
  const calls = Number(settings.setups);
  await load.order({ do: 'setups', calls, atOnce: 4 });
  const cpu = cpuSeconds(pids);
  note('set-ups per second', await load.order<number>({ do: 'setups', calls, atOnce: 4 }));
  note('CPU per set-up, ms', (1000 * (cpuSeconds(pids) - cpu)) / calls);
}
