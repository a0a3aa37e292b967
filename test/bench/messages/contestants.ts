import { join } from 'node:path';
import { startGateway } from '../../peers/gateway.ts';
import { freePort } from '../../peers/ports.ts';
import { PeerProcess } from '../../peers/process.ts';
import type { Person } from './people.ts';

/** Somebody who hands texts over. */
export interface Messenger {
  readonly name: string;
  readonly origin: string;
  /** Of the process that does it. */
  readonly pid: number;
  /** An account that may sign in. */
  account(): Promise<Person>;
  stop(): Promise<void>;
}

/** Signaling as an operator runs it; its edge runs as well, and has nothing to do with texts between its own accounts. */
export const startOurs = async (): Promise<Messenger> => {
  const gateway = await startGateway({
    SYLK_ADDRESSES_PER_HOUR: '1000000',
    SYLK_CONNECTIONS_PER_ADDRESS: '100000',
    SYLK_LOG_LEVEL: 'error',
  });
  return {
    name: 'Sylk gateway',
    origin: gateway.origin,
    pid: gateway.signaling.child.pid ?? 0,
    account: () => gateway.mint(),
    stop: () => gateway.stop(),
  };
};

export const startBare = async (): Promise<Messenger> => {
  const port = await freePort();
  const entry = join(import.meta.dirname, 'bare-process.ts');
  const server = new PeerProcess(process.execPath, ['--disable-warning=ExperimentalWarning', entry, String(port)]);
  await server.says(/ready/);
  let accounts = 0;
  return {
    name: 'bare WebSocket loop',
    origin: `http://127.0.0.1:${port}`,
    pid: server.child.pid ?? 0,
    account: async () => ({ address: `person-${++accounts}@sylk.test`, password: '' }),
    stop: () => server.stop(),
  };
};
