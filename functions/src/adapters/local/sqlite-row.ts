import type { SQLOutputValue } from 'node:sqlite';
import { type Attachment, attachment as attachmentSchema } from '@sylk/protocol/edge/commands.ts';

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

/** A JSON list of texts. */
export const textList = (row: Row, column: string): readonly string[] =>
  attachmentSchema.shape.headerPrefixes.parse(JSON.parse(text(row, column)));

export const attachment = (row: Row): Attachment => attachmentSchema.parse(JSON.parse(text(row, 'attachment')));
