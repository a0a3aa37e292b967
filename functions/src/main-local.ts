import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildWebAssets, type WebAssets } from './adapters/local/web-assets.ts';
import { readConfig, SettingError } from './config.ts';
import { startSignaling } from './main-local/start.ts';
import type { Log } from './ports/log.ts';

/** Signaling on one machine: settings from the environment, one JSON line on stdout when ready, logs on stderr. */
const root = join(import.meta.dirname, '../..');

const main = async (): Promise<void> => {
  const config = readConfig(process.env, root);
  const log = pino({ level: config.logLevel, base: { process: 'signaling' } }, pino.destination(2));
  // One fault must not end the connections of others.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a failure that nobody saw to'));
  const version = packageVersion();
  const assets = await buildPage(log);
  const signaling = await startSignaling({ config, version, assets, log });
  const { domain, httpPort, httpsPort } = signaling;
  console.log(JSON.stringify({ ready: 'signaling', domain, httpPort, httpsPort, version }));
  const stop = (signal: string) => {
    log.info({ signal }, 'signaling is stopping');
    signaling.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'signaling could not stop as it should');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
};

// Calls do not need the page: who has one open, or embeds the element elsewhere, goes on without it.
const buildPage = async (log: Log): Promise<WebAssets> => {
  try {
    return await buildWebAssets(join(root, 'web/src'));
  } catch (error) {
    log.error({ err: error }, 'the page could not be built and is not served');
    return new Map();
  }
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
