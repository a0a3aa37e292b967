import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { randomToken, SipText } from '../../../fakes/sip-text.ts';

/** Sends one message and tells what came of it. */
export interface Torturer {
  /** @param expected a verdict; the wait ends with it, or once nothing more can come */
  fateOf(bytes: Buffer, expected: string): Promise<string>;
  close(): void;
}

interface Gateway {
  readonly address: string;
  readonly port: number;
}

/** The ports that answers go to: that of SIP, and those that a Via of these messages names. */
const ports = [5060, 5050, 5070, 6050, 19_823];
/** An answer takes no longer. */
const patienceMs = 5_000;

/** Final answers so far, each once: a transaction repeats them. */
class Answers {
  readonly #seen: Set<string>;
  readonly #codes: string[] = [];
  /** Call-IDs of our own questions that were answered. */
  readonly fences = new Set<string>();
  #waiting: (() => void)[] = [];

  /** @param seen answers that came before; a copy of one of them says nothing about this message */
  constructor(seen: Set<string>) {
    this.#seen = seen;
  }

  take(text: string): void {
    const message = new SipText(text);
    const callId = message.header('Call-ID');
    if (callId.startsWith('fence')) this.fences.add(callId);
    else if (Number(message.what) >= 200 && !this.#seen.has(text)) {
      // Only answers to INVITE are repeated; others may be alike, as some of these messages are.
      if (message.method === 'INVITE') this.#seen.add(text);
      this.#codes.push(message.what);
    }
    this.wake();
  }

  wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get all(): string {
    return this.#codes.join(' ');
  }

  async until(holds: () => boolean): Promise<boolean> {
    for (const end = performance.now() + patienceMs; !holds(); ) {
      if (performance.now() > end) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, end - performance.now() + 1);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }
}

/** A question that is always answered: what came before it has been worked on when its answer is there. */
const fence = (via: string, callId: string): Buffer =>
  Buffer.from(
    [
      'OPTIONS sip:fence@example.com SIP/2.0',
      `Via: ${via};branch=z9hG4bK${callId};rport`,
      'From: <sip:fence@example.com>;tag=1',
      'To: <sip:fence@example.com>',
      `Call-ID: ${callId}`,
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );

/** @param address of loopback, and nobody else's: answers without `rport` come to the ports of SIP there */
export async function udpTorturer(gateway: Gateway, address: string): Promise<Torturer> {
  const seen = new Set<string>();
  let answers = new Answers(seen);
  const sockets = ports.map(() => createSocket('udp4'));
  const [first] = sockets;
  if (first === undefined) throw new Error('no ports to listen on');
  for (const [index, socket] of sockets.entries()) {
    socket.on('message', (bytes) => answers.take(bytes.toString('utf8')));
    socket.bind(ports[index], address);
    await once(socket, 'listening');
  }
  const send = (bytes: Buffer) => sendDatagram(first, bytes, gateway);
  return {
    async fateOf(bytes, expected) {
      answers = new Answers(seen);
      await send(bytes);
      return settled(answers, expected, (callId) => send(fence(`SIP/2.0/UDP ${address}`, callId)));
    },
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

function sendDatagram(socket: UdpSocket, bytes: Buffer, { address, port }: Gateway): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(bytes, port, address, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Twice, as an answer may need a turn or two of the event loop after the message was read. */
async function settled(answers: Answers, expected: string, ask: (callId: string) => Promise<void>): Promise<string> {
  if (expected !== 'silence') await answers.until(() => answers.all === expected);
  for (let time = 0; time < 2; time++) {
    const callId = `fence-${randomToken()}`;
    await ask(callId);
    if (!(await answers.until(() => answers.fences.has(callId)))) throw new Error('the gateway answers no more');
  }
  return answers.all || 'silence';
}

/** Each message has a connection of its own, as it may be the end of it. */
export function tcpTorturer(gateway: Gateway): Torturer {
  return {
    async fateOf(bytes, expected) {
      const answers = new Answers(new Set());
      const socket = connect(gateway.port, gateway.address);
      await once(socket, 'connect');
      const state = listen(socket, answers);
      socket.write(bytes);
      if (expected === 'silence') {
        await proveAlive(gateway);
        await proveAlive(gateway);
      } else {
        await answers.until(() => answers.all === expected || state.isClosed);
      }
      socket.destroy();
      return answers.all || (state.isClosed ? 'closed' : 'silence');
    },
    close: () => undefined,
  };
}

function listen(socket: TcpSocket, answers: Answers): { readonly isClosed: boolean } {
  const state = { isClosed: false };
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      answers.take(text.slice(0, end + 4));
      text = text.slice(end + 4);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    state.isClosed = true;
    answers.wake();
  });
  return state;
}

/** A connection of its own, as that of the message may wait for the rest of it. */
async function proveAlive(gateway: Gateway): Promise<void> {
  const answers = new Answers(new Set());
  const socket = connect(gateway.port, gateway.address);
  listen(socket, answers);
  const callId = `fence-${randomToken()}`;
  socket.write(fence('SIP/2.0/TCP 127.0.0.1', callId));
  const isAnswered = await answers.until(() => answers.fences.has(callId));
  socket.destroy();
  if (!isAnswered) throw new Error('the gateway answers no more');
}
