import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { freePort } from '../../peers/ports.ts';
import { PeerProcess } from '../../peers/process.ts';
import type { Caller, Contestant } from '../load/contestant.ts';

/** Debian's Janus with its SIP plugin and WebSocket transport, nothing else loaded. */
export async function startJanus(): Promise<Contestant> {
  const folder = await mkdtemp(join(tmpdir(), 'sylk-janus-'));
  const port = await freePort();
  const library = '/usr/lib/x86_64-linux-gnu/janus';
  const without = (keep: string, all: readonly string[]) =>
    all
      .filter((name) => name !== keep)
      .map((name) => `libjanus_${name}.so`)
      .join(',');
  const plugins = [
    'audiobridge',
    'duktape',
    'echotest',
    'lua',
    'nosip',
    'recordplay',
    'sip',
    'streaming',
    'textroom',
    'videocall',
    'videoroom',
    'voicemail',
  ];
  const transports = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq', 'websockets'];
  await writeFile(
    join(folder, 'janus.jcfg'),
    `
general: { configs_folder = "${folder}" plugins_folder = "${library}/plugins" transports_folder = "${library}/transports" events_folder = "${library}/events" loggers_folder = "${library}/loggers" debug_level = 2 }
media: { rtp_port_range = "50000-51999" }
nat: { ice_lite = true }
plugins: { disable = "${without('sip', plugins)}" }
transports: { disable = "${without('websockets', transports)}" }
events: { broadcast = false }
`,
  );
  await writeFile(
    join(folder, 'janus.transport.websockets.jcfg'),
    `general: { json = "plain" ws = true ws_port = ${port} ws_ip = "127.0.0.1" }\n`,
  );
  await writeFile(
    join(folder, 'janus.plugin.sip.jcfg'),
    'general: { local_ip = "127.0.0.1" sdp_ip = "127.0.0.1" behind_nat = false rtp_port_range = "52000-53999" }\n',
  );
  const janus = new PeerProcess('janus', ['-F', folder], { name: 'janus' });
  await listens(port);
  return {
    name: 'Janus',
    processes: [janus],
    access: { kind: 'janus', url: `ws://127.0.0.1:${port}` },
    async stop() {
      await janus.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Quiet as it is told to be, Janus does not say when it is ready. */
async function listens(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Janus does not listen on ${port}`);
}

interface JanusMessage {
  janus: string;
  transaction?: string;
  sender?: number;
  data?: { id: number };
  jsep?: { sdp: string };
  plugindata?: { data: { result?: { event: string }; error?: string } };
}

/** One Janus session and handle a call: a handle has one call. */
export class JanusCaller implements Caller {
  readonly #socket: WebSocket;
  readonly #replies = new Map<string, (message: JanusMessage) => void>();
  readonly #events = new Map<number, (message: JanusMessage) => void>();
  readonly #idle: number[] = [];
  #session = 0;
  #count = 0;

  constructor(url: string) {
    this.#socket = new WebSocket(url, 'janus-protocol');
    this.#socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
  }

  /** A handle serves one call, so as many are made as calls will follow: ten at a time. */
  async open(calls = 1): Promise<void> {
    if (this.#session === 0) {
      await new Promise((resolve, reject) => this.#socket.once('open', resolve).once('error', reject));
      this.#session = (await this.#ask({ janus: 'create' })).data?.id ?? 0;
    }
    while (this.#idle.length < calls) {
      const more = Math.min(10, calls - this.#idle.length);
      this.#idle.push(...(await Promise.all(Array.from({ length: more }, () => this.#guest()))));
    }
  }

  call(to: string, offer: string): { sentAt: number; answer: Promise<string>; hangUp(): void } {
    const handle = this.#idle.shift();
    if (handle === undefined) throw new Error('no idle handle: open() more before calling');
    const answer = new Promise<string>((resolve, reject) => {
      this.#events.set(handle, (message) => {
        if (message.jsep) resolve(message.jsep.sdp);
        else if (message.plugindata?.data.result?.event === 'hangup' || message.plugindata?.data.error !== undefined) {
          this.#events.delete(handle);
          reject(new Error(message.plugindata?.data.error ?? 'Janus hung up'));
        }
      });
    });
    const sentAt = performance.now();
    this.#send({
      janus: 'message',
      handle_id: handle,
      body: { request: 'call', uri: `sip:${to}` },
      jsep: { type: 'offer', sdp: offer },
    });
    return { sentAt, answer, hangUp: () => this.#send({ janus: 'detach', handle_id: handle }) };
  }

  close(): void {
    this.#socket.close();
  }

  async #guest(): Promise<number> {
    const handle = (await this.#ask({ janus: 'attach', plugin: 'janus.plugin.sip' })).data?.id ?? 0;
    const registered = new Promise<void>((resolve) => {
      this.#events.set(handle, (message) => message.plugindata?.data.result?.event === 'registered' && resolve());
    });
    this.#send({
      janus: 'message',
      handle_id: handle,
      body: { request: 'register', type: 'guest', username: `sip:caller${handle}@127.0.0.1` },
    });
    await registered;
    return handle;
  }

  #ask(message: object): Promise<JanusMessage> {
    return new Promise((resolve) => this.#replies.set(this.#send(message), resolve));
  }

  #send(message: object): string {
    const transaction = `t${this.#count++}`;
    this.#socket.send(
      JSON.stringify({ ...message, transaction, ...(this.#session ? { session_id: this.#session } : {}) }),
    );
    return transaction;
  }

  #receive(message: JanusMessage): void {
    if (message.janus === 'event' && message.sender !== undefined) return this.#events.get(message.sender)?.(message);
    if (message.transaction === undefined) return;
    this.#replies.get(message.transaction)?.(message);
    this.#replies.delete(message.transaction);
  }
}
