import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { startGateway } from '../../peers/gateway.ts';
import type { Caller, Contestant } from '../load/contestant.ts';

export const ownName = 'Sylk gateway';

/** This gateway as an operator runs it: signaling, edge and media worker, each in its process. */
export async function startOurs(): Promise<Contestant> {
  const gateway = await startGateway({
    SYLK_LOG_LEVEL: 'warn',
    SYLK_CALLS_PER_MINUTE: '1000000',
    // All of its calls are of one account.
    SYLK_CALLS_PER_ACCOUNT: '10000',
    SYLK_CALLS_PER_SOURCE: '10000',
    SYLK_MEDIA_PORTS: '10000-17999',
  });
  return {
    name: ownName,
    processes: [gateway.signaling, gateway.edge],
    access: { kind: 'ours', url: `ws://127.0.0.1:${gateway.httpPort}/webrtcgateway/ws`, account: await gateway.mint() },
    stop: () => gateway.stop(),
  };
}

interface Frame {
  sylkrtc: string;
  transaction?: string;
  session?: string;
  event?: string;
  state?: string;
  sdp?: string;
  reason?: string;
  seq?: number;
  error?: string;
}

/** Sessions on one connection; the gateway allows a few more. */
const sessionsPerConnection = 12;

/** The plainest sylkRTC client there can be: one account, as many connections as its calls need. */
export class OurCaller implements Caller {
  readonly #url: string;
  readonly #account: Account;
  readonly #connections: OurConnection[] = [];

  constructor(url: string, account: Account) {
    this.#url = url;
    this.#account = account;
  }

  async open(calls = 1): Promise<void> {
    const room = () => this.#connections.reduce((sum, one) => sum + sessionsPerConnection - one.running, 0);
    while (room() < Math.min(calls, 5 * sessionsPerConnection)) {
      const connection = new OurConnection(this.#url);
      await connection.signIn(this.#account);
      this.#connections.push(connection);
    }
  }

  call(to: string, offer: string): { sentAt: number; answer: Promise<string>; hangUp(): void } {
    const [least] = [...this.#connections].sort((a, b) => a.running - b.running);
    if (least === undefined) throw new Error('open() before calling');
    return least.call(this.#account.address, to, offer);
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

interface Account {
  readonly address: string;
  readonly password: string;
}

class OurConnection {
  readonly #socket: WebSocket;
  readonly #ready: Promise<void>;
  readonly #replies = new Map<string, (frame: Frame) => void>();
  readonly #sessions = new Map<string, (frame: Frame) => void>();

  constructor(url: string) {
    this.#socket = new WebSocket(url, 'sylkRTC-2', { origin: new URL(url.replace(/^ws/, 'http')).origin });
    this.#ready = new Promise((resolve, reject) => {
      this.#socket.on('error', reject);
      this.#socket.on('message', (data) => {
        const frame: Frame = JSON.parse(String(data));
        if (frame.sylkrtc === 'ready-event') resolve();
        else this.#receive(frame);
      });
    });
  }

  get running(): number {
    return this.#sessions.size;
  }

  async signIn({ address, password }: Account): Promise<void> {
    await this.#ready;
    const [user, domain] = address.split('@');
    const ha1 = createHash('md5').update(`${user}:${domain}:${password}`).digest('hex');
    await this.#ask({ sylkrtc: 'account-add', account: address, password: ha1 });
  }

  call(account: string, to: string, sdp: string): { sentAt: number; answer: Promise<string>; hangUp(): void } {
    const session = randomUUID();
    const answer = new Promise<string>((resolve, reject) => {
      this.#sessions.set(session, (frame) => {
        if (frame.sdp !== undefined) resolve(frame.sdp);
        if (frame.state !== 'terminated') return;
        this.#sessions.delete(session);
        // Until the client has the end, the gateway keeps the session for it.
        if (frame.seq !== undefined) void this.#ask({ sylkrtc: 'session-ack', session, seq: frame.seq });
        reject(new Error(frame.reason));
      });
    });
    const resume = randomBytes(24).toString('base64url');
    const sentAt = performance.now();
    void this.#ask({ sylkrtc: 'session-create', session, account, uri: to, sdp, resume }).then((reply) => {
      if (reply.error) this.#sessions.get(session)?.({ sylkrtc: 'error', state: 'terminated', reason: reply.error });
    });
    return { sentAt, answer, hangUp: () => void this.#ask({ sylkrtc: 'session-terminate', session }) };
  }

  close(): void {
    this.#socket.close();
  }

  #ask(request: object): Promise<Frame> {
    const transaction = randomUUID();
    this.#socket.send(JSON.stringify({ ...request, transaction }));
    return new Promise((resolve) => this.#replies.set(transaction, resolve));
  }

  #receive(frame: Frame): void {
    if (frame.transaction !== undefined) {
      this.#replies.get(frame.transaction)?.(frame);
      this.#replies.delete(frame.transaction);
    } else if (frame.session !== undefined) this.#sessions.get(frame.session)?.(frame);
  }
}
