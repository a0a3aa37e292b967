import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWebAssets } from '../../functions/src/adapters/local/web-assets.ts';

/**
 * Writes the page, the element and the client library as files to be uploaded.
 *
 * @param checkout folder of the project
 * @param output gets `kept`, files whose name changes with their content, and `fresh`, which are to be asked for again
 */
export const writePage = async (checkout: string, output: string): Promise<void> => {
  const assets = await buildWebAssets(join(checkout, 'web/src'));
  await rm(output, { recursive: true, force: true });
  for (const folder of ['kept', 'fresh']) await mkdir(join(output, folder), { recursive: true });
  const write = ([path, { identity, isImmutable }]: readonly [string, { identity: Buffer; isImmutable: boolean }]) =>
    writeFile(join(output, isImmutable ? 'kept' : 'fresh', path), identity);
  await Promise.all([...assets].map(write));
};
