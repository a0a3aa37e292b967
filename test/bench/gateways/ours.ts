import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { startGateway } from '../../peers/gateway.ts';
import type { Caller, Contestant } from '../load/contestant.ts';

/** This gateway as an operator runs it: signaling, edge and media worker, each in its process. */
export async function startOurs(): Promise<Contestant> {
  const gateway = await startGateway({ SYLK_LOG_LEVEL: 'warn', SYLK_CALLS_PER_MINUTE: '1000000' });
  return {
    name: 'Sylk gateway',
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
  error?: string;
}

/** The plainest sylkRTC client there can be: one connection, one account, any number of calls. */
export class OurCaller implements Caller {
  readonly #socket: WebSocket;
  readonly #account: { address: string; password: string };
  readonly #replies = new Map<string, (frame: Frame) => void>();
  #isOpen = false;
  readonly #sessions = new Map<string, (frame: Frame) => void>();

  constructor(url: string, account: { address: string; password: string }) {
    this.#account = account;
    this.#socket = new WebSocket(url, 'sylkRTC-2', { origin: url.replace(/^ws/, 'http').replace(/\/webrtc.*/, '') });
  }

  async open(): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    await new Promise<void>((resolve, reject) => {
      this.#socket.on('error', reject);
      this.#socket.on('message', (data) => {
        const frame: Frame = JSON.parse(String(data));
        if (frame.sylkrtc === 'ready-event') resolve();
        else this.#receive(frame);
      });
    });
    const { address, password } = this.#account;
    const [user, domain] = address.split('@');
    await this.#ask({
      sylkrtc: 'account-add',
      account: address,
      password: createHash('md5').update(`${user}:${domain}:${password}`).digest('hex'),
    });
  }

  call(to: string, offer: string): { sentAt: number; answer: Promise<string>; hangUp(): void } {
    const session = randomUUID();
    const answer = new Promise<string>((resolve, reject) => {
      this.#sessions.set(session, (frame) => {
        if (frame.sdp !== undefined) resolve(frame.sdp);
        if (frame.state === 'terminated') reject(new Error(frame.reason));
      });
    });
    const request = {
      sylkrtc: 'session-create',
      session,
      account: this.#account.address,
      uri: to,
      sdp: offer,
      resume: randomBytes(24).toString('base64url'),
    };
    const sentAt = performance.now();
    void this.#ask(request).then(
      (reply) =>
        reply.error && this.#sessions.get(session)?.({ sylkrtc: 'error', state: 'terminated', reason: reply.error }),
    );
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
