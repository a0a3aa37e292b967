/**
 * `npm run bench`: this gateway beside Debian's Janus (SIP plugin) and a bare loop, in turns, in one run.
 * Prints the table and writes docs/benchmarks.md. `--rounds N` (3), `--calls 1,25,50`, `--seconds N` (10), `--sustain N` (60 s) change its size.
 * Texts between accounts have a section of their own: `--messages N` (300 s; 0: leave it as it is), `--accounts N` (1000);
 * `--only messages` measures nothing else, and leaves the rest of the file as it is.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBare } from './gateways/bare.ts';
import { startJanus } from './gateways/janus.ts';
import { ownName, startOurs } from './gateways/ours.ts';
import type { Contestant } from './load/contestant.ts';
import { cpuSeconds, memoryMiB } from './load/cpu.ts';
import type { Latencies, Sustained, Watched } from './load/generator.ts';
import { LoadGenerator } from './load/load-generator.ts';
import { measureMessages } from './messages/measure.ts';
import { type Measured, messagesIn, messagesReport, report, withMessages } from './report.ts';

const { values: settings } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    calls: { type: 'string', default: '1,25,50' },
    seconds: { type: 'string', default: '10' },
    setups: { type: 'string', default: '400' },
    sustain: { type: 'string', default: '60' },
    messages: { type: 'string', default: '300' },
    accounts: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
});
/** Set-ups a second that have to be kept up. */
const pace = 30;
const contestants = [startOurs, startJanus, startBare];
const measured: Measured[] = [];

const page = join(import.meta.dirname, '../../docs/benchmarks.md');
const before = await readFile(page, 'utf8');
const calls = settings.only === 'messages' ? before : await measureAll();
const text = withMessages(calls, await messagesSection());
console.log(text);
await writeFile(page, text);

async function measureAll(): Promise<string> {
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
  return `${report(measured)}\n${await readFile(join(import.meta.dirname, 'notes.md'), 'utf8')}`;
}

async function messagesSection(): Promise<string> {
  const [seconds, accounts] = [Number(settings.messages), Number(settings.accounts)];
  if (seconds === 0) return messagesIn(before);
  return messagesReport(
    await measureMessages({ accounts, seconds, bareSeconds: Math.min(seconds, 30) }),
    accounts,
    seconds,
  );
}

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
    const loads = settings.calls.split(',').map(Number);
    const memory: number[] = [];
    for (const calls of loads) memory.push(await measureCalls(load, pids, calls, note));
    const more = (loads.at(-1) ?? 0) - (loads[0] ?? 0);
    if (more > 0) note('memory per further call, KiB', (1024 * ((memory.at(-1) ?? 0) - (memory[0] ?? 0))) / more);
    await measureSetups(load, pids, note);
    // A budget of ours and no comparison: the others need a handle for each call beforehand.
    if (contestant.name === ownName) await measurePace(load, pids, note);
  } finally {
    load.stop();
  }
  return rows;
}

/** Of a row of the table. */
type Note = (what: string, value: number) => void;

/** @returns MiB while the calls run */
async function measureCalls(load: LoadGenerator, pids: number[], calls: number, note: Note): Promise<number> {
  await load.order({ do: 'establish', calls });
  await load.order<Watched>({ do: 'watch', seconds: 2 });
  const seconds = Number(settings.seconds);
  const [cpu, start] = [cpuSeconds(pids), performance.now()];
  const watched = await load.order<Watched>({ do: 'watch', seconds });
  const used = (cpuSeconds(pids) - cpu) / ((performance.now() - start) / 1000);
  note(`CPU per call at ${calls}, % of a core`, (100 * used) / calls);
  const memory = memoryMiB(pids);
  note(`memory at ${calls} calls, MiB`, memory);
  note(`delivered at ${calls}, %`, 100 * watched.delivered);
  note(`busier thread of the load at ${calls}, % of a core`, 100 * watched.generatorCpu);
  await load.order({ do: 'end' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return memory;
}

async function measureSetups(load: LoadGenerator, pids: number[], note: Note): Promise<void> {
  const calls = Number(settings.setups);
  await load.order({ do: 'setups', calls, atOnce: 4 });
  const cpu = cpuSeconds(pids);
  note('set-ups per second', await load.order<number>({ do: 'setups', calls, atOnce: 4 }));
  note('CPU per set-up, ms', (1000 * (cpuSeconds(pids) - cpu)) / calls);
}

async function measurePace(load: LoadGenerator, pids: number[], note: Note): Promise<void> {
  const seconds = Number(settings.sustain);
  if (seconds === 0) return;
  const cpu = cpuSeconds(pids);
  const { failed, answerMs } = await load.order<Sustained>({ do: 'sustain', perSecond: pace, seconds });
  const at = `at ${pace} set-ups a second for ${seconds} s`;
  note(`failed ${at}`, failed);
  note(`CPU ${at}, % of a core`, (100 * (cpuSeconds(pids) - cpu)) / seconds);
  const sorted = answerMs.toSorted((one, other) => one - other);
  note(`request to answer ${at}, p50, ms`, sorted[Math.floor(0.5 * sorted.length)] ?? 0);
  note(`request to answer ${at}, p99, ms`, sorted[Math.floor(0.99 * sorted.length)] ?? 0);
}
