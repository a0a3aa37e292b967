import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { PeerProcess } from './process.ts';

export interface ChattingLinphoneOptions {
  /** `sip:bob@phones.example` */
  readonly identity: string;
  /** What all its requests go by: `sip:127.0.0.1:5060`. */
  readonly proxy: string;
  /** It registers there with this password; absent: it does not register. */
  readonly password?: string;
}

/** A linphonec that only writes and reads, anybody's and by any proxy. */
export class ChattingLinphone {
  readonly process: PeerProcess;
  readonly port: number;
  readonly #folder: string;

  private constructor(process: PeerProcess, port: number, folder: string) {
    this.process = process;
    this.port = port;
    this.#folder = folder;
  }

  static async start(options: ChattingLinphoneOptions): Promise<ChattingLinphone> {
    const folder = await mkdtemp(join(tmpdir(), 'sylk-linphone-'));
    const port = await freePort();
    // Without this folder its database fails, and it never registers.
    await mkdir(join(folder, '.local/share/linphone'), { recursive: true });
    await writeFile(join(folder, 'rc'), settings(options, port));
    const env = { ...process.env, HOME: folder };
    const running = new PeerProcess('linphonec', ['-c', join(folder, 'rc')], {
      env,
      name: 'linphonec',
      hasInput: true,
    });
    await running.says(/linphonec>/, 20_000);
    return new ChattingLinphone(running, port, folder);
  }

  /** @param to `sip:alice@gateway.test` */
  chat(to: string, text: string): void {
    this.process.write(`chat ${to} ${text}\n`);
  }

  /** Waits for a line on its console. */
  says(pattern: RegExp, timeoutMs = 10_000): Promise<RegExpExecArray> {
    return this.process.says(pattern, timeoutMs);
  }

  async stop(): Promise<void> {
    await this.process.stop('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function settings({ identity, proxy, password }: ChattingLinphoneOptions, port: number): string {
  const [, user = '', domain = ''] = /^sip:([^@]+)@(.+)$/.exec(identity) ?? [];
  return [
    '[sip]',
    'default_proxy=0',
    `sip_port=${port}`,
    'sip_tcp_port=0',
    'sip_tls_port=-1',
    'guess_hostname=0',
    `contact="${user}" <sip:${user}@127.0.0.1:${port}>`,
    '[proxy_0]',
    `reg_proxy=<${proxy};transport=udp>`,
    `reg_route=<${proxy};transport=udp;lr>`,
    `reg_identity=${identity}`,
    `reg_sendregister=${password === undefined ? 0 : 1}`,
    'reg_expires=600',
    '[auth_info_0]',
    `username=${user}`,
    `passwd=${password ?? 'none'}`,
    `realm=${domain}`,
    '',
  ].join('\n');
}
