import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { freePort } from '../../peers/ports.ts';
import { PeerProcess } from '../../peers/process.ts';
import type { Caller, Contestant } from '../load/contestant.ts';

/** The floor: see bare-process.ts. */
export async function startBare(): Promise<Contestant> {
  const port = await freePort();
  const bare = new PeerProcess(
    process.execPath,
    [join(import.meta.dirname, 'bare-process.ts'), String(port), String(await freePort())],
    { name: 'bare' },
  );
  await bare.says(/"ready":"bare"/);
  return {
    name: 'bare loop',
    processes: [bare],
    access: { kind: 'bare', url: `ws://127.0.0.1:${port}` },
    stop: () => bare.stop(),
  };
}

export class BareCaller implements Caller {
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, (sdp: string) => void>();

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.on('message', (data) => {
      const { id, sdp } = JSON.parse(String(data));
      this.#answers.get(id)?.(sdp);
    });
  }

  async open(): Promise<void> {
    if (this.#socket.readyState === WebSocket.OPEN) return;
    await new Promise((resolve, reject) => this.#socket.once('open', resolve).once('error', reject));
  }

  call(to: string, offer: string): { sentAt: number; answer: Promise<string>; hangUp(): void } {
    const id = randomUUID();
    const answer = new Promise<string>((resolve) => this.#answers.set(id, resolve));
    const sentAt = performance.now();
    this.#socket.send(JSON.stringify({ id, to, offer }));
    return { sentAt, answer, hangUp: () => this.#socket.send(JSON.stringify({ id, end: true })) };
  }

  close(): void {
    this.#socket.close();
  }
}
