import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the operator does by `npm run ctl -- ...` with the gateway whose data are in this folder. */
export const ctl = (dataDir: string, ...words: string[]) =>
  promisify(execFile)(process.execPath, ['infra/setup/run.mjs', 'ctl', ...words], {
    env: { ...process.env, SYLK_DATA_DIR: dataDir },
  });
