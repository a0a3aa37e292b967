import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SettingsError } from './settings-text.ts';

type Values = Readonly<Record<string, unknown>>;

/** Name of the context value that says which file has the settings. */
const fileName = 'settings';

/**
 * The settings in the context of the CDK: those of the file that `-c settings=FILE` names, and over them single ones,
 * as `-c edgesMax=4`.
 *
 * @param context all of it; names with a colon or an at sign are the CDK's own
 * @param folder which a relative path of the file begins in
 * @throws SettingsError when there is no such file, or it is no JSON object
 */
export const settingsOf = (context: Values, folder: string): Values => {
  const own = Object.fromEntries(Object.entries(context).filter(([name]) => !/[:@]/.test(name) && name !== fileName));
  const file = context[fileName];
  return file === undefined ? own : { ...readFile(resolve(folder, String(file))), ...own };
};

const readFile = (path: string): Values => {
  const values = parse(path, read(path));
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) return { ...values };
  throw new SettingsError([`${fileName} is '${path}', expected a file with a JSON object`]);
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SettingsError([`${fileName} is '${path}', expected a file that can be read (${reasonOf(cause)})`], {
      cause,
    });
  }
};

const parse = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SettingsError([`${fileName} is '${path}', expected a file with a JSON object (${reasonOf(cause)})`], {
      cause,
    });
  }
};

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
