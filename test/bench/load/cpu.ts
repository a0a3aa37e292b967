import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second of /proc/PID/stat; 100 on every Linux that Node runs on. */
const ticks = 100;

/** CPU time that these processes and all their descendants have used so far, in seconds. */
export function cpuSeconds(pids: readonly number[]): number {
  return withDescendants(pids).reduce((sum, pid) => sum + ownCpuSeconds(pid), 0);
}

/** CPU time that the calling thread has used so far, in seconds. */
export function cpuOfThread(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

/** Memory that these processes and their descendants have for themselves (proportional set size), in MiB. */
export function memoryMiB(pids: readonly number[]): number {
  return withDescendants(pids).reduce((sum, pid) => {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup'));
    return sum + Number(pss?.[1] ?? 0) / 1024;
  }, 0);
}

/** Memory of one process that is in the machine's (resident set size), in MiB. */
export function rssMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, 'status'))?.[1] ?? 0) / 1024;
}

function ownCpuSeconds(pid: number): number {
  // The name in parentheses may hold spaces, so fields are counted from behind it.
  const fields = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticks;
}

function withDescendants(pids: readonly number[]): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(/\) \S (\d+)/s.exec(readProc(Number(name), 'stat'))?.[1] ?? 0)] as const);
  const found = new Set(pids);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** Empty when the process has just ended: it then counts as nothing. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return '';
    throw error;
  }
}
