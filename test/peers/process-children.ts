import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the media workers that this process has started, oldest first. */
export function workerPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isWorkerOfOurs(pid))
    .toSorted((one, other) => one - other);
}

function isWorkerOfOurs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state !== 'Z' && Number(parent) === process.pid && stat.includes('(mediasoup-worke');
  } catch (error) {
    // It has ended since its name was listed.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return false;
    throw error;
  }
}
