import { createSocket, type Socket } from 'node:dgram';

interface Line {
  readonly media: Socket;
  first: number | undefined;
  packets: number;
}

/** A phone farm in one socket: answers every INVITE at once with PCMU, sends back the RTP it gets, and notes when. */
export class SipEcho {
  readonly #signaling = createSocket('udp4');
  readonly #lines = new Map<string, Line>();
  readonly #invites = new Map<string, (at: number) => void>();
  readonly #media = new Map<string, (at: number) => void>();
  port = 0;

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#signaling.bind(0, '127.0.0.1', resolve));
    this.port = this.#signaling.address().port;
    this.#signaling.on('message', (bytes, from) => this.#request(bytes.toString('latin1'), from));
  }

  /** When the INVITE for this user came in, and when the first RTP of its call did (performance.now). */
  expect(user: string): { invite: Promise<number>; media: Promise<number> } {
    return {
      invite: new Promise((resolve) => this.#invites.set(user, resolve)),
      media: new Promise((resolve) => this.#media.set(user, resolve)),
    };
  }

  get packets(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.packets, 0);
  }

  close(): void {
    this.#signaling.close();
    for (const line of this.#lines.values()) line.media.close();
  }

  #request(text: string, from: { address: string; port: number }): void {
    const now = performance.now();
    const method = /^[A-Z]+/.exec(text)?.[0];
    const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';
    const id = header('Call-ID');
    const reply = (status: string, body = '') =>
      this.#signaling.send(response(text, status, body, this.port), from.port, from.address);
    if (method === 'INVITE') this.#invite(text, id, now, reply);
    if (method === 'BYE' || method === 'CANCEL' || method === 'OPTIONS') reply('200 OK');
    if (method === 'BYE') {
      this.#lines.get(id)?.media.close();
      this.#lines.delete(id);
    }
  }

  #invite(text: string, id: string, now: number, reply: (status: string, body: string) => void): void {
    const known = this.#lines.get(id);
    if (known) return reply('200 OK', answer(known.media.address().port));
    const user = /^INVITE sip:([^@]+)@/.exec(text)?.[1] ?? '';
    this.#invites.get(user)?.(now);
    const media = createSocket('udp4');
    const line: Line = { media, first: undefined, packets: 0 };
    this.#lines.set(id, line);
    media.on('message', (packet, from) => {
      if (packet.length < 12 || (packet[0] ?? 0) >> 6 !== 2) return;
      if (line.first === undefined) {
        line.first = performance.now();
        this.#media.get(user)?.(line.first);
      }
      line.packets++;
      media.send(packet, from.port, from.address);
    });
    media.bind(0, '127.0.0.1', () => reply('200 OK', answer(media.address().port)));
  }
}

function answer(port: number): string {
  return [
    'v=0',
    `o=- ${port} 1 IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    'a=sendrecv',
    '',
  ].join('\r\n');
}

function response(request: string, status: string, body: string, port: number): string {
  const copied = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Record-Route):/i.test(line));
  const to = /^To:.*$/im.exec(request)?.[0] ?? '';
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    /;tag=/.test(to) ? to : `${to};tag=echo`,
    `Contact: <sip:echo@127.0.0.1:${port}>`,
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}
