import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig, SettingError } from './config.ts';
import { startEdge } from './main/start.ts';

/** A media edge: settings from the environment, one JSON line on stdout when ready, logs on stderr. */
const root = join(import.meta.dirname, '../..');

const main = async (): Promise<void> => {
  const config = readConfig(process.env, root);
  const log = pino({ level: config.logLevel, base: { process: 'edge' } }, pino.destination(2));
  const version = packageVersion();
  const running = await startEdge({ config, version, log });
  const stop = (signal: string) => {
    log.info({ signal }, 'the edge is stopping');
    void running.stop().then(() => process.exit(0));
  };
  // Before the media library's own listeners, which close the workers under calls that have not said goodbye yet.
  process.prependOnceListener('SIGTERM', stop);
  process.prependOnceListener('SIGINT', stop);
  const { domain } = await running.ready;
  console.log(JSON.stringify({ ready: 'edge', edge: running.edge, domain, sipPort: config.sipPort, version }));
};

const packageVersion = (): string => {
  const text: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof text === 'object' && text !== null && 'version' in text ? String(text.version) : 'unknown';
};

main().catch((error: unknown) => {
  // A wrong setting needs its sentence, anything else also where it came from.
  const isSetting = error instanceof SettingError;
  console.error(isSetting ? error.message : error);
  // EX_CONFIG of sysexits: starting it again would not help.
  process.exit(isSetting ? 78 : 1);
});
