/**
 * Text frames of `edge.v1` to messages and back.
 *
 *     {"kind":"connection-lost","id":"c-17","ttlMs":10000,"connection":"a8f3"} -> EdgeCommand
 */
import type { z } from 'zod';
import { parseJson } from '../json.ts';
import { maxMessageBytes, maxShownChars } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { utf8Length } from '../utf8-length.ts';
import { type CallLadder, type CallRow, callLadder, callRow, type ProbeResult, probeResult } from './commands.ts';
import { type FromEdge, fromEdge, type ReportResults, reportResults, type ToEdge, toEdge } from './reports.ts';

/**
 * Reads a frame that signaling sent.
 *
 * @throws ProtocolError when it is no command or answer of `edge.v1`; the text names the field, never its value
 */
export const decodeToEdge = (text: string): ToEdge => check(toEdge, readFrame(text), 'a frame for an edge');

/** Reads a frame that an edge sent. Throws as `decodeToEdge`. */
export const decodeFromEdge = (text: string): FromEdge => check(fromEdge, readFrame(text), 'a frame from an edge');

export const encode = (message: ToEdge | FromEdge): string => JSON.stringify(message);

type ResultSchemas = { readonly [Kind in keyof ReportResults]: z.ZodType<ReportResults[Kind]> };

/**
 * Tells what the answer to a report carries, which only the report's sender can know.
 *
 * @throws ProtocolError when it is not what such a report is answered with
 */
export const reportResult = <Kind extends keyof ReportResults>(kind: Kind, result: unknown): ReportResults[Kind] => {
  const schemas: ResultSchemas = reportResults;
  return check(schemas[kind], result, `the result of ${kind}`);
};

/** The result of `list-calls`. Throws as `reportResult`. */
export const callRows = (result: unknown): readonly CallRow[] => check(callRow.array(), result, 'a list of calls');

/** The result of `ladder`. Throws as `reportResult`. */
export const ladderOf = (result: unknown): CallLadder => check(callLadder, result, 'a ladder');

/** The result of `probe`. Throws as `reportResult`. */
export const probeOutcome = (result: unknown): ProbeResult => check(probeResult, result, 'the result of a probe');

const readFrame = (text: string): unknown => {
  const bytes = utf8Length(text);
  if (bytes <= maxMessageBytes) return parseJson(text);
  throw new ProtocolError(`frame is ${bytes} bytes long, at most ${maxMessageBytes} are allowed`);
};

const check = <Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  // The message may repeat a key of the peer's, which has no bound of its own.
  throw new ProtocolError(`not ${what}${where}: ${issue?.message.slice(0, maxShownChars) ?? 'unknown form'}`);
};
