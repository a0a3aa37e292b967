import type { SQLOutputValue } from 'node:sqlite';
import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import { aor, connectionId, deviceId } from '@sylk/protocol/ids.ts';
import { z } from 'zod';

/** A row as SQLite gives it; the readers below say what a column holds, and throw where it does not. */
export type Row = Record<string, SQLOutputValue>;

export const text = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`column ${column} holds ${typeof value}, expected text`);
  return value;
};

export const number = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`column ${column} holds ${typeof value}, expected a number`);
  return value;
};

export const optionalText = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : text(row, column);

export const optionalNumber = (row: Row, column: string): number | undefined =>
  row[column] === null ? undefined : number(row, column);

/** One of the words that a column may hold. */
export const word = <Word extends string>(row: Row, column: string, words: readonly Word[]): Word => {
  const value = text(row, column);
  const found = words.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`column ${column} holds '${value}', expected ${words.join(', ')}`);
  return found;
};

const names = z.array(z.string());
export const textList = (row: Row, column: string): string[] => names.parse(JSON.parse(text(row, column)));

const attachmentSchema = z.object({
  connection: z.string().transform(connectionId),
  device: z.string().transform(deviceId),
  aor: z.string().transform(aor),
  account: z.string().optional(),
  displayName: z.string().optional(),
  epoch: z.number(),
  headerPrefixes: names,
});
export const attachment = (row: Row): Attachment => attachmentSchema.parse(JSON.parse(text(row, 'attachment')));
