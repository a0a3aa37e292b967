import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The secret that signaling and an edge on the same machine share, made at the first start.
 * It appears whole and once: whichever of the two processes comes second reads what the first one wrote.
 *
 * @param folder the data folder
 */
export const localEdgeSecret = (folder: string): string => {
  const file = join(folder, 'edge-token');
  if (!existsSync(file)) makeOnce(file);
  return readFileSync(file, 'utf8').trim();
};

const makeOnce = (file: string): void => {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
};
