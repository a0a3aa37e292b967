import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout, entries } from './places.mjs';
import { serverEnvironment, serverFlags } from './server-process.mjs';
import { greeting } from './supervisor/greeting.mjs';
import { assertFree, portsOf } from './supervisor/ports.mjs';
import { Supervisor } from './supervisor/supervisor.mjs';
import { mediaWorker } from './worker/media-worker.mjs';

const endLimitsMs = { signaling: 3_000, edge: 7_000 };
/** The edge may have been told to let calls end by themselves first. */
const drainMs = Number(process.env.SYLK_DRAIN_SECONDS || 0) * 1_000;
/** npm passes a Ctrl-C on that the terminal has sent to us as well, so only a later one means impatience. */
const impatienceAfterMs = 1_000;

/**
 * `npm start`: sets up what running needs, runs the gateway, and ends with it.
 * The edge is started last and ended first, because it tells browsers through the signaling that their calls end.
 */
export async function start() {
  await assertFree(portsOf(process.env));
  const nodeEnv = await nodeEnvironment();
  await npmPackages('run', nodeEnv);
  const env = { ...serverEnvironment, ...nodeEnv, SYLK_WORKER_BIN: await mediaWorker() };
  const supervisor = new Supervisor({
    parts: [
      { name: 'signaling', ...program(entries.signaling), env, endLimitMs: endLimitsMs.signaling },
      { name: 'edge', ...program(entries.edge), env, endLimitMs: endLimitsMs.edge + drainMs },
    ],
    say: (text) => process.stderr.write(`${text}\n`),
  });
  stopOnSignals(supervisor);
  await supervisor.run((announcements) => process.stdout.write(`${greeting(announcements, process.env)}\n`));
}

/** @param {string} entry */
function program(entry) {
  const lifeline = new URL('./supervisor/end-with-supervisor.mjs', import.meta.url).href;
  return { file: 'node', args: [...serverFlags, '--import', lifeline, entry], cwd: checkout };
}

/** @param {Supervisor} supervisor */
function stopOnSignals(supervisor) {
  let stoppingSince = 0;
  const onSignal = async () => {
    if (stoppingSince > 0) {
      if (Date.now() - stoppingSince > impatienceAfterMs) supervisor.kill();
      return;
    }
    stoppingSince = Date.now();
    process.stderr.write('ending calls; Ctrl-C again ends everything at once\n');
    await supervisor.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
}
