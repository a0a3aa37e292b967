import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PermanentAddress } from './desk-phone.ts';
import type { Gateway } from './gateway.ts';
import { freePort } from './ports.ts';
import { PeerProcess } from './process.ts';
import { strongestHz, writeTone } from './tone.ts';

export interface LinphoneOptions {
  readonly transport?: 'udp' | 'tcp' | 'tls';
  readonly toneHz?: number;
  readonly answers?: 'auto' | 'manual';
  /** Calls that it takes at a time; for more it is busy. */
  readonly mostCalls?: number;
  /** Keys for the media (SDES); without them they go in clear. */
  readonly isEncrypted?: boolean;
}

/** linphonec with an address of the gateway's: its microphone is a tone, what it hears goes into a file. */
export class Linphone {
  readonly process: PeerProcess;
  readonly #folder: string;

  private constructor(running: PeerProcess, folder: string) {
    this.process = running;
    this.#folder = folder;
  }

  /** Resolves when it has registered. */
  static async start(
    gateway: Pick<Gateway, 'sipPort' | 'sipsPort'>,
    who: PermanentAddress,
    options: LinphoneOptions = {},
  ): Promise<Linphone> {
    const folder = await mkdtemp(join(tmpdir(), 'sylk-linphone-'));
    // Without the folder its database fails, and then it never registers.
    await mkdir(join(folder, '.local/share/linphone'), { recursive: true });
    await writeTone(join(folder, 'tone.wav'), { hz: options.toneHz ?? 600, rate: 8000, seconds: 60 });
    await writeFile(join(folder, 'rc'), await settings(gateway, who, options));
    const auto = options.answers === 'manual' ? [] : ['-a'];
    const running = new PeerProcess('linphonec', ['-c', join(folder, 'rc'), ...auto], {
      env: { ...process.env, HOME: folder },
      name: 'linphonec',
      hasInput: true,
    });
    const phone = new Linphone(running, folder);
    try {
      await phone.says(/linphonec> /);
      await phone.#isRegistered();
      phone.command('soundcard use files');
      phone.command(`play ${folder}/tone.wav`);
      phone.command(`record ${folder}/heard.wav`);
    } catch (error) {
      await phone.stop();
      throw error;
    }
    return phone;
  }

  /** What it would be told at its prompt: `call alice@sylk.test`, `answer`, `terminate`, `pause`, a digit. */
  command(line: string): void {
    this.process.write(`${line}\n`);
  }

  /** Waits for words of it, after the first `from` characters. */
  says(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    return this.process.says(pattern, 10_000, from);
  }

  /** How far its words are, for `says`. */
  get mark(): number {
    return this.process.output.length;
  }

  /** The tone that it has heard, Hz. Call it when its call is over. */
  heardHz(): Promise<number | undefined> {
    return strongestHz(join(this.#folder, 'heard.wav'));
  }

  async stop(): Promise<void> {
    // It would wait for its sign-out to be answered.
    await this.process.stop('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * It does not tell that it has registered, so it is asked; again and again, as over TLS, where it was asked for a
   * certificate, it takes a line for the password of that.
   */
  async #isRegistered(): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      const from = this.mark;
      this.command('status register');
      const said = this.process.says(/registered, identity=|registered=-?\d/, 500, from);
      const status = await said.catch(() => ['']);
      if (status[0] === 'registered, identity=') return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`linphonec did not register:\n${this.process.output.slice(-2000)}`);
  }
}

async function settings(
  gateway: Pick<Gateway, 'sipPort' | 'sipsPort'>,
  { name, address, password }: PermanentAddress,
  options: LinphoneOptions,
): Promise<string> {
  const transport = options.transport ?? 'udp';
  const port = await freePort();
  const own = (one: string) => (one === transport ? port : 0);
  const server = `127.0.0.1:${transport === 'tls' ? gateway.sipsPort : gateway.sipPort};transport=${transport}`;
  const [, domain = ''] = address.split('@');
  return [
    '[sip]',
    'default_proxy=0',
    `sip_port=${own('udp')}`,
    `sip_tcp_port=${own('tcp')}`,
    `sip_tls_port=${own('tls')}`,
    'guess_hostname=0',
    `contact=sip:${name}@127.0.0.1`,
    'verify_server_certs=0',
    'verify_server_cn=0',
    `media_encryption=${options.isEncrypted === true ? 'srtp' : 'none'}`,
    '[misc]',
    `max_calls=${options.mostCalls ?? 10}`,
    '[rtp]',
    `audio_rtp_port=${30_000 + 2 * Math.floor(Math.random() * 1_000)}`,
    '[proxy_0]',
    `reg_proxy=<sip:${server}>`,
    `reg_route=<sip:${server};lr>`,
    `reg_identity=<sip:${address}>`,
    'reg_expires=600',
    'reg_sendregister=1',
    'publish=0',
    '[auth_info_0]',
    `username=${name}`,
    `passwd=${password}`,
    `realm=${domain}`,
    `domain=${domain}`,
    '',
  ].join('\n');
}
