import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { PeerProcess } from './process.ts';
import { strongestHz, writeTone } from './tone.ts';

export interface BaresipOptions {
  readonly user?: string;
  readonly address?: string;
  /** baresip's name: `PCMU/8000/1`, `PCMA/8000/1`, `G722/16000/1`, `opus/48000/2`. */
  readonly codecs?: string;
  readonly answers?: 'auto' | 'manual';
  readonly toneHz?: number;
  /** A camera without a picture worth seeing, in these codecs; `H264` has both packetization modes. */
  readonly video?: readonly ('H264' | 'VP8')[];
  /** Further modules, such as `dtls_srtp`, which have to be there before the account. */
  readonly modules?: readonly string[];
  /** How it registers and calls; UDP by default. Over TLS it listens on the port above its own. */
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** A file with its certificate and key, and one with the authorities that it believes. */
  readonly certificate?: string;
  readonly authorities?: string;
  /** The address that it registers, other than where it is: `alice@sylk.test`; and how often, s. */
  readonly registers?: { readonly aor: string; readonly everySec: number };
  /** RTP and RTCP on one port, where the other side can. */
  readonly hasRtcpMux?: boolean;
  /** Whom it writes to with the command `message`: `sip:alice@127.0.0.1:5060`. */
  readonly contact?: string;
  /** It prints all SIP messages. */
  readonly isTraced?: boolean;
  /** Further account parameters, such as `outbound="sip:127.0.0.1:5060"`. */
  readonly account?: string;
}

/** A headless baresip: its microphone is a tone, what it hears goes into a file, its commands come by ctrl_tcp. */
export class Baresip {
  readonly uri: string;
  readonly port: number;
  readonly process: PeerProcess;
  readonly #folder: string;
  readonly #control: Socket;
  /** What ctrl_tcp says unasked, in order: `CALL_INCOMING`, `CALL_ESTABLISHED`, ... */
  readonly events: { type: string; param: string; id?: string }[] = [];
  readonly #isMade = Promise.withResolvers<void>();

  private constructor(place: Place, running: PeerProcess, control: Socket) {
    this.uri = place.uri;
    this.port = place.port;
    this.#folder = place.folder;
    this.process = running;
    this.#control = control;
    readNetstrings(control, (text) => this.#event(text));
  }

  static async start(options: BaresipOptions = {}): Promise<Baresip> {
    // Between the look for a free port and its use somebody else may take it; then others are tried.
    for (let attempt = 1; ; attempt++) {
      const { place, running } = await launch(options);
      if (await isReady(running)) {
        const control = connect(place.controlPort, '127.0.0.1');
        await new Promise((resolve, reject) => control.once('connect', resolve).once('error', reject));
        const phone = new Baresip(place, running, control);
        // Its account comes last: the answer of a quick registrar would be an event that nobody hears.
        phone.command('uanew', accountOf(place, options));
        await phone.#isMade.promise;
        return phone;
      }
      await running.stop('SIGKILL');
      if (attempt === 5) throw new Error(`baresip did not start:\n${running.output.slice(-2000)}`);
    }
  }

  command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params, token: command });
    this.#control.write(`${Buffer.byteLength(text)}:${text},`);
  }

  dial(uri: string): void {
    this.command('dial', `sip:${uri}`);
  }

  /** Waits for an event of this type, counting only those after the `skip` first of its kind. */
  async event(type: string, timeoutMs = 10_000, skip = 0): Promise<{ type: string; param: string; id?: string }> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = this.events.filter((event) => event.type === type)[skip];
      if (found) return found;
      if (Date.now() > until)
        throw new Error(
          `baresip had no ${type} in ${timeoutMs} ms, only ${JSON.stringify(this.events)}\n${this.process.output.slice(-3000)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The tone that it heard in its last call, Hz. Call it after the call has ended. */
  async heardHz(): Promise<number | undefined> {
    const recordings = (await readdir(this.#folder)).filter((name) => name.endsWith('-dec.wav')).sort();
    const last = recordings.at(-1);
    return last === undefined ? undefined : strongestHz(join(this.#folder, last));
  }

  async stop(): Promise<void> {
    this.#control.destroy();
    await this.process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #event(text: string): void {
    const event: unknown = JSON.parse(text);
    if (typeof event !== 'object' || event === null) return;
    if ('token' in event && event.token === 'uanew') this.#isMade.resolve();
    if (!('type' in event)) return;
    this.events.push({
      type: String(event.type),
      param: 'param' in event ? String(event.param) : '',
      ...('id' in event ? { id: String(event.id) } : {}),
    });
  }
}

async function launch(options: BaresipOptions): Promise<{ place: Place; running: PeerProcess }> {
  const address = options.address ?? '127.0.0.1';
  const port = await freePort();
  const place: Place = {
    folder: await mkdtemp(join(tmpdir(), 'sylk-baresip-')),
    address,
    port,
    controlPort: await freePort(),
    uri: `${options.user ?? 'bob'}@${hostPort(address, port)}`,
  };
  await configure(place, options);
  return {
    place,
    running: new PeerProcess('baresip', ['-f', place.folder, '-v', ...(options.isTraced === true ? ['-s'] : [])], {
      name: 'baresip',
    }),
  };
}

/** `false` when it has ended, or says nothing for 10 s. */
function isReady(running: PeerProcess): Promise<boolean> {
  return new Promise((resolve) => {
    running.child.once('exit', () => resolve(false));
    running.says(/baresip is ready/).then(
      // It goes on without a port that somebody else has, and nobody could give it commands.
      () => resolve(!/Address already in use/.test(running.output)),
      () => resolve(false),
    );
  });
}

interface Place {
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  readonly controlPort: number;
  readonly uri: string;
}

async function configure({ folder, address, port, controlPort }: Place, options: BaresipOptions): Promise<void> {
  const [rate, channels] = sourceFormat(codecsOf(options));
  await mkdir(folder, { recursive: true });
  await writeTone(join(folder, 'tone.wav'), { hz: options.toneHz ?? 1000, rate, channels, seconds: 60 });
  const rtp = 30_000 + 2 * Math.floor(Math.random() * 1_000);
  const video = options.video ?? [];
  const pictures = video.map((codec) => (codec === 'H264' ? 'avcodec' : 'vp8'));
  const more = [...(options.modules ?? []), ...pictures, ...(video.length > 0 ? ['fakevideo'] : [])];
  const book = options.contact === undefined ? [] : ['contact'];
  const phone = ['g711', 'g722', 'opus', 'aufile', 'sndfile', 'uuid', 'account', ...book, 'menu', 'ctrl_tcp'];
  const modules = ['srtp', ...more, ...phone];
  await writeFile(
    join(folder, 'config'),
    [
      `sip_listen ${hostPort(address, port)}`,
      ...(options.certificate === undefined ? [] : [`sip_certificate ${options.certificate}`]),
      ...(options.authorities === undefined ? [] : [`sip_cafile ${options.authorities}`]),
      `audio_source aufile,${folder}/tone.wav`,
      `audio_player aufile,${folder}/heard.wav`,
      `ausrc_srate ${rate}`,
      `auplay_srate ${rate}`,
      `ausrc_channels ${channels}`,
      `auplay_channels ${channels}`,
      ...(video.length > 0 ? camera : []),
      `rtcp_mux ${options.hasRtcpMux === true ? 'yes' : 'no'}`,
      `rtp_ports ${rtp}-${rtp + 100}`,
      `snd_path ${folder}`,
      `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
      'module_path /usr/lib/baresip/modules',
      ...modules.map((name) => `module ${name}.so`),
      '',
    ].join('\n'),
  );
  await writeFile(join(folder, 'accounts'), '');
  const { contact } = options;
  await writeFile(join(folder, 'contacts'), contact === undefined ? '' : `"Contact" <${contact}>\n`);
  if (contact !== undefined) await writeFile(join(folder, 'current_contact'), contact);
}

/** An account in baresip's form: its address with parameters. */
const accountOf = ({ uri }: Place, options: BaresipOptions): string => {
  const transport = options.transport === undefined ? '' : `;transport=${options.transport}`;
  return [
    `<sip:${options.registers?.aor ?? uri}${transport}>`,
    `regint=${options.registers?.everySec ?? 0}`,
    `answermode=${options.answers === 'manual' ? 'manual' : 'auto'}`,
    `audio_codecs=${codecsOf(options)}`,
    ...(options.account === undefined ? [] : [options.account]),
  ].join(';');
};

const codecsOf = ({ codecs }: BaresipOptions): string => codecs ?? 'PCMU/8000/1';

const hostPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const camera = [
  'video_source fakevideo,nil',
  'video_display fakevideo,nil',
  'video_size 352x288',
  'video_bitrate 300000',
  'video_fps 15',
];

/** aufile plays only what has the codec's own rate and channel count. */
function sourceFormat(codecs: string): [rate: number, channels: number] {
  if (codecs.startsWith('opus')) return [48_000, 2];
  return codecs.startsWith('G722') ? [16_000, 1] : [8_000, 1];
}

/** Netstrings (`5:hello,`), as ctrl_tcp frames its JSON. */
function readNetstrings(socket: Socket, each: (text: string) => void): void {
  let buffer = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    buffer = Buffer.concat([buffer, bytes]);
    for (;;) {
      const colon = buffer.indexOf(':');
      if (colon < 0) return;
      const length = Number(buffer.toString('latin1', 0, colon));
      if (buffer.length < colon + length + 2) return;
      each(buffer.toString('utf8', colon + 1, colon + 1 + length));
      buffer = buffer.subarray(colon + length + 2);
    }
  });
}
