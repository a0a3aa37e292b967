import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { listen, stopListening } from '../adapters/local/listening.ts';
import { listenToOperator } from '../adapters/local/operator-socket.ts';
import type { TlsSource } from '../adapters/local/tls-source.ts';
import { upgradeListener } from '../adapters/local/upgrades.ts';
import type { Config } from '../config.ts';
import type { Wiring } from './services.ts';

export interface Listeners {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Takes nothing new; resolves when all that is under way has ended. */
  close(): Promise<void>;
}

export interface Listening {
  readonly config: Config;
  readonly wiring: Wiring;
  readonly tls: TlsSource;
  /** What answers browsers, and what answers the operator. */
  readonly web: RequestListener;
  readonly control: RequestListener;
}

const controlSocket = (dataDir: string): string => join(dataDir, 'ctl.sock');

/** How long a client may take to send its request, in ms: sockets that send nothing are let go. */
const patience = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 5_000 };

/** Opens the HTTP and HTTPS ports and the operator's socket. */
export const openListeners = async ({ config, wiring, tls, web, control }: Listening): Promise<Listeners> => {
  const { host, edgeLink, services } = wiring;
  const upgrade = upgradeListener({ '/webrtcgateway/ws': host, '/edge/v1': edgeLink }, services.log);
  const http = createServer(patience, web).on('upgrade', upgrade);
  const https = createTlsServer({ ...(await tls.first()), ...patience }, web).on('upgrade', upgrade);
  const operator = createServer(control);
  const at = { host: config.httpAddress };
  const httpPort = await listen(http, { ...at, port: config.httpPort, setting: 'SYLK_HTTP_PORT' });
  const httpsPort = await listen(https, { ...at, port: config.httpsPort, setting: 'SYLK_HTTPS_PORT' });
  await listenToOperator(operator, controlSocket(config.dataDir));
  const unfollow = tls.follow((changed) => https.setSecureContext(changed));
  return {
    httpPort,
    httpsPort,
    close: async () => {
      unfollow();
      for (const server of [http, https, operator]) server.closeIdleConnections();
      await Promise.all([http, https, operator].map(stopListening));
    },
  };
};
