import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type PermanentAddress, permanentAddress } from '../peers/desk-phone.ts';
import { startGateway } from '../peers/gateway.ts';

/**
 * Registers so many addresses at one edge by UDP, from 50 hosts, and prints what each costs in memory once the
 * transactions are over: `node test/bench/registrations.ts 5000`.
 */
const count = Number(process.argv[2] ?? 5000);
const hosts = 50;
/** REGISTERs on their way at a time. */
const atOnce = 20;
/** Transactions are kept for 32 s after their answer. */
const settleMs = 36_000;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** One host with many phones; answers are told apart by their Call-ID. */
class Host {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (answer: string) => void>();
  readonly #port: number;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
    socket.on('message', (bytes) => {
      const answer = bytes.toString();
      const key = /^Call-ID: *(\S+)/im.exec(answer)?.[1] ?? '';
      this.#waiting.get(key)?.(answer);
    });
  }

  static async open(index: number, port: number): Promise<Host> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, `127.0.1.${index + 1}`, resolve));
    return new Host(socket, port);
  }

  async registers({ name, password }: PermanentAddress): Promise<void> {
    const challenge = await this.#ask(name, 1, []);
    const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
    const key = md5(`${name}:sylk.test:${password}`);
    const response = md5(`${key}:${nonce}:00000001:c:auth:${md5('REGISTER:sip:sylk.test')}`);
    const terms = `username="${name}", realm="sylk.test", nonce="${nonce}", uri="sip:sylk.test", response="${response}"`;
    const answer = await this.#ask(name, 2, [
      `Authorization: Digest ${terms}, algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`,
    ]);
    if (!answer.startsWith('SIP/2.0 200')) throw new Error(`${name}: ${answer.split('\r\n', 1)[0]}`);
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(name: string, cseq: number, more: readonly string[]): Promise<string> {
    const { address, port } = this.#socket.address();
    const text = [
      'REGISTER sip:sylk.test SIP/2.0',
      `Via: SIP/2.0/UDP ${address}:${port};rport;branch=z9hG4bK${name}${cseq}`,
      `From: <sip:${name}@sylk.test>;tag=${name}`,
      `To: <sip:${name}@sylk.test>`,
      `Call-ID: ${name}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: <sip:${name}@${address}:${port}>;expires=3600`,
      ...more,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    const answered = new Promise<string>((resolve) => this.#waiting.set(name, resolve));
    const send = () => this.#socket.send(text, this.#port, '127.0.0.1');
    send();
    const again = setInterval(send, 2_000);
    const answer = await answered;
    clearInterval(again);
    return answer;
  }
}

/** What the heap of a process holds once garbage is collected, kB; asked by its inspector, which SIGUSR1 opens. */
async function heapKb(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  await sleep(1_000);
  const [target]: { webSocketDebuggerUrl: string }[] = JSON.parse(
    await (await fetch('http://127.0.0.1:9229/json')).text(),
  );
  const inspector = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await once(inspector, 'open');
  inspector.send('{"id":1,"method":"HeapProfiler.collectGarbage"}');
  await once(inspector, 'message');
  inspector.send('{"id":2,"method":"Runtime.getHeapUsage"}');
  const [answer] = await once(inspector, 'message');
  inspector.close();
  return JSON.parse(String(answer)).result.usedSize / 1024;
}

const memoryKb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** Does `work` for all of them, so many at a time. */
async function forAll<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>): Promise<void> {
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const gateway = await startGateway({ SYLK_ADDRESSES_PER_HOUR: '1000000', SYLK_LOG_LEVEL: 'error' });
try {
  const people: PermanentAddress[] = [];
  const names = Array.from({ length: count }, (_, index) => `phone-${index}`);
  await forAll(names, async (name) => void people.push(await permanentAddress(gateway, name)));
  const all = await Promise.all(Array.from({ length: hosts }, (_, index) => Host.open(index, gateway.sipPort)));
  const pid = gateway.edge.child.pid ?? 0;
  const heapBefore = await heapKb(pid);
  const before = memoryKb(pid);
  const beganAt = performance.now();
  await forAll(people, async (who, index) => all[index % hosts]?.registers(who));
  const seconds = (performance.now() - beganAt) / 1000;
  const busy = memoryKb(pid);
  await sleep(settleMs);
  const after = memoryKb(pid);
  const held = ((await heapKb(pid)) - heapBefore) / count;
  console.log(
    `${count} addresses in ${seconds.toFixed(1)} s (${(count / seconds).toFixed(0)}/s); edge ${before} kB before, ` +
      `${busy} kB at the end, ${after} kB settled: ${((after - before) / count).toFixed(2)} kB each, ` +
      `of which ${held.toFixed(2)} kB are held and the rest is garbage of transactions that are over`,
  );
  for (const host of all) host.close();
} finally {
  await gateway.stop();
}
