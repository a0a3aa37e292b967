import { jsonLog } from '../adapters/lambda/json-log.ts';
import { systemClock } from '../adapters/local/system-clock.ts';
import type { Log } from '../ports/log.ts';
import type { Environment } from './environment.ts';

/** What a function writes goes to the log that the platform keeps. */
export const logOf = ({ logLevel }: Environment): Log =>
  jsonLog(logLevel, systemClock.now, (line) => process.stdout.write(`${line}\n`));
