import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { checkout } from './places.mjs';

/** Read when no other file is named; git ignores it. */
const usualName = 'sylk-gateway.env';

/**
 * Fills in the settings that the environment does not have from a file of lines `NAME=value`: the one that
 * `SYLK_SETTINGS` names, else `sylk-gateway.env` in the checkout if there is one. An empty value in the environment counts: it asks for the default.
 *
 * @param {NodeJS.ProcessEnv} environment is changed
 * @throws {SetupFailure} when a named file is not there, or a line is no setting
 */
export function fillFromSettingsFile(environment) {
  const named = environment.SYLK_SETTINGS;
  // The parts know settings only, and refuse other names.
  delete environment.SYLK_SETTINGS;
  const path = named ? resolve(environment.INIT_CWD ?? '.', named) : join(checkout, usualName);
  if (existsSync(path)) {
    for (const [name, value] of parseSettings(readFileSync(path, 'utf8'), path)) environment[name] ??= value;
  } else if (named) {
    throw new SetupFailure(
      `there is no file ${path}, which SYLK_SETTINGS names`,
      'name a file of lines SYLK_NAME=value',
    );
  }
}

/**
 * @param {string} text lines `NAME=value`, empty ones, and comments that begin with `#`; quotes around a value are dropped
 * @param {string} path for errors
 * @returns {[name: string, value: string][]}
 * @throws {SetupFailure} naming the first line that is none of these
 */
export function parseSettings(text, path) {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (/^\s*(#.*)?$/.test(line)) return [];
    const [, name, quoted, plain = ''] = /^\s*(SYLK_[A-Z_]+)\s*=\s*(?:"([^"]*)"|([^"]*?))\s*$/.exec(line) ?? [];
    if (name) return [[name, quoted ?? plain]];
    // The value may be a secret.
    const shown = line.split('=')[0]?.trim().slice(0, 40);
    throw new SetupFailure(
      `line ${index + 1} of ${path} is no setting: '${shown}'`,
      'write SYLK_NAME=value, one a line; comments begin with #',
    );
  });
}
