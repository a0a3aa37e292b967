import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import packageJson from '../../package.json' with { type: 'json' };
import { readConfig, SettingError } from './config.ts';
import { withAddress } from './main/cloud.ts';
import { type RunningEdge, startEdge } from './main/start.ts';

/** A media edge: settings from the environment, one JSON line on stdout when ready, logs on stderr. */
const root = join(import.meta.dirname, '../..');

const main = async (): Promise<void> => {
  const config = await withAddress(readConfig(process.env, root));
  const log = pino({ level: config.logLevel, base: { process: 'edge' } }, pino.destination(2));
  // One fault must not end the calls of others; where it belongs to a call, that call has ended by it.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a failure that nobody saw to'));
  const { version } = packageJson;
  const running = await startEdge({ config, version, log });
  stopOnSignals(running, log);
  const { domain } = await running.ready;
  console.log(JSON.stringify({ ready: 'edge', edge: running.edge, domain, sipPort: config.sipPort, version }));
};

/** The first signal lets calls end if the settings want that; another one waits no longer. */
const stopOnSignals = (running: RunningEdge, log: Logger): void => {
  const impatience = new AbortController();
  let isStopping = false;
  const stop = (signal: string) => {
    log.info({ signal }, isStopping ? 'the edge is stopping at once' : 'the edge is stopping');
    if (isStopping) return impatience.abort();
    isStopping = true;
    running.stop(impatience.signal).then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'the edge could not stop as it should');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

main().catch((error: unknown) => {
  // A wrong setting needs its sentence, anything else also where it came from.
  const isSetting = error instanceof SettingError;
  console.error(isSetting ? error.message : error);
  // EX_CONFIG of sysexits: starting it again would not help.
  process.exit(isSetting ? 78 : 1);
});
