import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRealm, type KamailioOptions, kamailioConfig, kamailioPassword } from './kamailio-config.ts';
import { freePort } from './ports.ts';
import { PeerProcess } from './process.ts';

/**
 * A Kamailio: registrar with digest, proxy and provider of one domain. Any user exists; the password of `bob` is
 * `pw-bob`. What it did is in its output: `challenged`, `registered`, `request`, `nobody at`.
 */
export class Kamailio {
  readonly realm: string;
  readonly address: string;
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly process: PeerProcess;
  readonly #folder: string;

  private constructor(place: Place, running: PeerProcess) {
    this.realm = place.realm;
    this.address = place.address;
    this.port = place.port;
    this.tlsPort = place.tlsPort;
    this.#folder = place.folder;
    this.process = running;
  }

  static async start(options: KamailioOptions & { readonly address?: string } = {}): Promise<Kamailio> {
    // Between the look for a free port and its use somebody else may take it; then others are tried.
    for (let attempt = 1; ; attempt++) {
      const place = await prepare(options);
      const running = launch(place);
      if (await isReady(running, place)) return new Kamailio(place, running);
      await running.stop('SIGKILL');
      await rm(place.folder, { recursive: true, force: true });
      if (attempt === 3) throw new Error(`kamailio did not start:\n${running.output.slice(-3000)}`);
    }
  }

  /** Where it listens, for an outbound proxy or a Route. */
  get uri(): string {
    return `sip:${this.address}:${this.port}`;
  }

  password(user: string): string {
    return kamailioPassword(user);
  }

  /** Waits for a line of its log that came after the first `from` characters. */
  says(pattern: RegExp, timeoutMs = 5_000, from = 0): Promise<RegExpExecArray> {
    return this.process.says(pattern, timeoutMs, from);
  }

  /** How far its log is, for `says`. */
  get mark(): number {
    return this.process.output.length;
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly folder: string;
  readonly realm: string;
  readonly address: string;
  readonly port: number;
  readonly tlsPort: number | undefined;
}

async function prepare(options: KamailioOptions & { readonly address?: string }): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'sylk-kamailio-'));
  const { address = '127.0.0.1', realm = defaultRealm } = options;
  const port = await freePort();
  const tlsPort = options.tls === undefined ? undefined : await freePort();
  const ports = { address, sip: port, ...(tlsPort === undefined ? {} : { tls: tlsPort }) };
  await writeFile(join(folder, 'kamailio.cfg'), kamailioConfig(options, ports));
  return { folder, realm, address, port, tlsPort };
}

function launch({ folder }: Place): PeerProcess {
  // In the foreground, with its run-time files in its own folder and little memory.
  const args = ['-DD', '-E', '-f', join(folder, 'kamailio.cfg'), '-Y', folder, '-m', '32', '-M', '4'];
  return new PeerProcess('kamailio', args, { cwd: folder, name: 'kamailio' });
}

/** Asks until it answers; `false` when it has ended, or says nothing for 10 s. */
function isReady(running: PeerProcess, { address, port }: Place): Promise<boolean> {
  const socket = createSocket('udp4');
  const ask = () => socket.send(tooFar(address, port), port, address);
  return new Promise((resolve) => {
    const stop = (isUp: boolean) => {
      clearInterval(asking);
      clearTimeout(patience);
      running.child.off('exit', over);
      socket.close();
      resolve(isUp);
    };
    const over = () => stop(false);
    const asking = setInterval(ask, 50);
    const patience = setTimeout(() => stop(false), 10_000);
    socket.on('message', () => stop(true));
    // While nothing listens there, an ICMP error may come back.
    socket.on('error', () => undefined);
    running.child.once('exit', over);
    ask();
  });
}

/** A request that has come too far, which a proxy refuses itself (RFC 3261 s. 16.3). */
const tooFar = (address: string, port: number): string =>
  [
    `OPTIONS sip:${address}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:9;rport;branch=z9hG4bKready${Math.random().toString(36).slice(2)}`,
    'Max-Forwards: 0',
    'From: <sip:ready@ready.invalid>;tag=ready',
    `To: <sip:${address}:${port}>`,
    `Call-ID: ready-${Math.random().toString(36).slice(2)}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
