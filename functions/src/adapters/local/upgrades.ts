import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../../ports/log.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

/** Something that WebSockets can be opened to. */
export interface UpgradeTarget {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** Hands each upgrade request to what its path names; other paths are refused. */
export const upgradeListener =
  (targets: Readonly<Record<string, UpgradeTarget>>, log: Log) =>
  (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node watches the socket no longer, and an error that nobody listens for would end the process.
    socket.on('error', () => socket.destroy());
    const path = request.url?.split('?')[0] ?? '';
    const target = targets[path];
    if (target === undefined) return refuseUpgrade(socket, 404);
    target.upgrade(request, socket, head).catch((error: unknown) => {
      log.error({ err: error, path }, 'an upgrade failed unexpectedly');
      refuseUpgrade(socket, 500);
    });
  };
