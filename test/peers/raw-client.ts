import { createHash, randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

export interface RawFrame {
  readonly sylkrtc: string;
  readonly [field: string]: unknown;
}

/** sylkRTC by hand: sends what a test wants, keeps all that comes. */
export class RawClient {
  readonly frames: RawFrame[] = [];
  readonly socket: WebSocket;
  closeCode: number | undefined;

  constructor(url: string, options: { protocol?: string; origin?: string } = {}) {
    const origin = options.origin ?? url.replace(/^ws/, 'http').replace(/(\w)\/.*$/, '$1');
    this.socket = new WebSocket(url, options.protocol ?? 'sylkRTC-2', { origin });
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    this.socket.on('close', (code) => {
      this.closeCode = code;
    });
    // A refused handshake is an event of interest, not a failure of the test's process.
    this.socket.on('error', () => {
      this.closeCode ??= 0;
    });
  }

  static async ready(origin: string): Promise<RawClient> {
    const client = new RawClient(`${origin.replace(/^http/, 'ws')}/webrtcgateway/ws`);
    await client.next((frame) => frame.sylkrtc === 'ready-event');
    return client;
  }

  send(frame: object | string | Buffer): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Sends a request and waits for its reply. */
  async ask(request: { sylkrtc: string; [field: string]: unknown }): Promise<RawFrame> {
    const transaction = randomUUID();
    this.send({ transaction, ...request });
    return this.next((frame) => frame.transaction === (request.transaction ?? transaction));
  }

  /** Adds an account of the gateway's own domain with its plain password. */
  add(account: { address: string; password: string }): Promise<RawFrame> {
    const [user, domain] = account.address.split('@');
    const password = createHash('md5').update(`${user}:${domain}:${account.password}`).digest('hex');
    return this.ask({ sylkrtc: 'account-add', account: account.address, password });
  }

  /** The first frame, come or to come, that fits. */
  async next(fits: (frame: RawFrame) => boolean, timeoutMs = 10_000): Promise<RawFrame> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const found = this.frames.find(fits);
      if (found) return found;
      if (Date.now() > until)
        throw new Error(`no such frame in ${timeoutMs} ms; there were ${JSON.stringify(this.frames).slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  close(): void {
    this.socket.close();
  }
}
