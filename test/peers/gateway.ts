import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { serverEnvironment, serverFlags } from '../../infra/setup/server-process.mjs';
import { freePort, mediaBlock } from './ports.ts';
import { PeerProcess } from './process.ts';

const root = join(import.meta.dirname, '../..');

/** The product as an operator runs it: two processes, real sockets, a data folder of its own. */
export interface Gateway {
  readonly domain: string;
  readonly httpPort: number;
  readonly sipPort: number;
  readonly sipsPort: number;
  readonly origin: string;
  readonly signaling: PeerProcess;
  readonly edge: PeerProcess;
  /** Makes an address by the HTTP API. */
  mint(): Promise<{ address: string; password: string }>;
  /** Whether this text stands anywhere in what is stored. */
  stores(text: string): boolean;
  /** Lets the life of an address run out. */
  expire(address: string): void;
  restart(part: 'signaling' | 'edge', signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** The first address that is not loopback (Firefox never uses loopback for media), else 127.0.0.1. */
export function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find((address) => address.family === 'IPv4' && !address.internal)?.address ?? '127.0.0.1';
}

export async function startGateway(extra: NodeJS.ProcessEnv = {}): Promise<Gateway> {
  const data = await mkdtemp(join(tmpdir(), 'sylk-test-'));
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const [sipPort, sipsPort] = [await freePort(), await freePort()];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...serverEnvironment,
    SYLK_DOMAIN: 'sylk.test',
    SYLK_HTTP_PORT: String(httpPort),
    SYLK_HTTPS_PORT: String(httpsPort),
    SYLK_SIP_PORT: String(sipPort),
    SYLK_SIPS_PORT: String(sipsPort),
    SYLK_MEDIA_PORTS: (await mediaBlock()).text,
    SYLK_DATA_DIR: data,
    SYLK_PEER_NETWORKS: `127.0.0.0/8,${hostAddress()}/24,10.0.0.0/8`,
    ...extra,
  };
  const start = {
    signaling: () => node('functions/src/main-local.ts', 'signaling', env),
    edge: () => node('media-edge/src/main.ts', 'edge', env),
  };
  const running = { signaling: start.signaling(), edge: start.edge() };
  const ready = (part: 'signaling' | 'edge') => running[part].says(new RegExp(`"ready":"${part}"`), 20_000);
  const stop = async () => {
    await Promise.all([running.edge.stop(), running.signaling.stop()]);
    await rm(data, { recursive: true, force: true });
  };
  try {
    await Promise.all([ready('signaling'), ready('edge')]);
  } catch (error) {
    // Nobody else knows of the one that did start.
    await stop();
    throw error;
  }
  const origin = `http://localhost:${httpPort}`;
  return {
    domain: 'sylk.test',
    httpPort,
    sipPort,
    sipsPort,
    origin,
    get signaling() {
      return running.signaling;
    },
    get edge() {
      return running.edge;
    },
    mint: () => mint(origin),
    stores: (text) => {
      const files = readdirSync(data, { withFileTypes: true }).filter((entry) => entry.isFile());
      return files.some(({ name }) => readFileSync(join(data, name)).includes(text));
    },
    expire: (address) => expire(data, address),
    async restart(part, signal = 'SIGTERM') {
      await running[part].stop(signal);
      running[part] = start[part]();
      await ready(part);
    },
    stop,
  };
}

function node(entry: string, name: string, env: NodeJS.ProcessEnv): PeerProcess {
  return new PeerProcess(process.execPath, [...serverFlags, join(root, entry)], { env, name, cwd: root });
}

/** There is no setting for a life so short, so the store is told that it is over. */
function expire(data: string, address: string): void {
  const file = readdirSync(data).find((name) => /\.(db|sqlite3?)$/.test(name));
  if (file === undefined) throw new Error(`no database in ${data}: ${readdirSync(data)}`);
  const store = new DatabaseSync(join(data, file));
  const { changes } = store
    .prepare('UPDATE accounts SET expires_at = ? WHERE aor = ?')
    .run(Date.now() - 1_000, address);
  store.close();
  if (changes !== 1) throw new Error(`no account ${address} to expire`);
}

async function mint(origin: string): Promise<{ address: string; password: string }> {
  const response = await fetch(`${origin}/api/addresses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: '{"lifetime":"temporary"}',
  });
  if (response.status !== 201) throw new Error(`no address: ${response.status} ${await response.text()}`);
  const made: unknown = await response.json();
  if (typeof made !== 'object' || made === null || !('address' in made) || !('password' in made))
    throw new Error('no address in the answer');
  return { address: String(made.address), password: String(made.password) };
}
