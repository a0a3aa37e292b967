import { rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { listen } from './listening.ts';

/** Opens the operator's socket: whoever may write to it is the operator, so it is its owner's alone from the start. */
export const listenToOperator = async (server: Server, path: string): Promise<void> => {
  // Left over by a process that was killed; nobody else uses this folder.
  rmSync(path, { force: true });
  const mask = process.umask(0o177);
  // The file is made before this call returns, and changing its mode later would leave it open until then.
  const listening = listen(server, { path });
  process.umask(mask);
  await listening;
};
