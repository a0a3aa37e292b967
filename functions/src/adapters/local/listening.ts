import type { Server } from 'node:net';

/** Where a server listens: a port of an address, or a path in the file system. */
export type Place =
  | { readonly port: number; readonly host?: string; readonly setting: string }
  | { readonly path: string };

/**
 * Starts a server.
 *
 * @returns the port it got, 0 for a path
 * @throws when the place is not free; the error names the setting that would change it
 */
export const listen = (server: Server, place: Place): Promise<number> =>
  new Promise((resolve, reject) => {
    // Stays for later errors too, such as no file being left for a connection: they must not end the process.
    server.on('error', (error) => reject(explain(error, place)));
    server.listen('path' in place ? { path: place.path } : { port: place.port, host: place.host }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

/** Stops listening; resolves when the last connection has ended. */
export const stopListening = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

const explain = (error: Error, place: Place): Error => {
  if ('path' in place) return new Error(`cannot listen on ${place.path}: ${error.message}`, { cause: error });
  return new Error(`cannot listen on port ${place.port} (${error.message}): choose another by ${place.setting}`, {
    cause: error,
  });
};
