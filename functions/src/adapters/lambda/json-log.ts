import type { Log } from '../../ports/log.ts';

/** From quiet to talkative, with the numbers that pino gives them, so that one reader understands all our logs. */
export const logLevels = {
  silent: Number.POSITIVE_INFINITY,
  fatal: 60,
  error: 50,
  warn: 40,
  info: 30,
  debug: 20,
  trace: 10,
};
export type LogLevel = keyof typeof logLevels;

/**
 * Writes one line of JSON an event: `{"level":30,"time":1767225600000,"msg":"a connection is open",...}`.
 *
 * @param write takes a line without its end
 */
export const jsonLog = (level: LogLevel, now: () => number, write: (line: string) => void): Log => {
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, text: string): void => {
      if (logLevels[name] < logLevels[level]) return;
      write(JSON.stringify({ level: logLevels[name], time: now(), ...fields, msg: text }, readableErrors));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

/** JSON shows nothing of an error by itself. */
const readableErrors = (_: string, value: unknown): unknown =>
  value instanceof Error
    ? {
        type: value.name,
        message: value.message,
        stack: value.stack,
        ...(value.cause !== undefined && { cause: value.cause }),
      }
    : value;
