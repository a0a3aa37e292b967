import { createSocket, type Socket } from 'node:dgram';

interface Line {
  readonly media: Socket;
  hasHeard: boolean;
}

/** What is told of each call. */
export type Told = 'invite' | 'media';

/** A phone farm in one socket: answers every INVITE at once with PCMU, sends back the RTP it gets, and tells when each came first. */
export class SipEcho {
  readonly #signaling = createSocket('udp4');
  readonly #lines = new Map<string, Line>();
  readonly #onFirst: (user: string, what: Told) => void;

  /** @param onFirst called for the INVITE to a user, and for the first RTP of its call */
  constructor(onFirst: (user: string, what: Told) => void) {
    this.#onFirst = onFirst;
  }

  /** @returns its port */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#signaling.bind(0, '127.0.0.1', resolve));
    this.#signaling.on('message', (bytes, from) => this.#request(bytes.toString('latin1'), from));
    return this.#port;
  }

  get #port(): number {
    return this.#signaling.address().port;
  }

  #request(text: string, from: { address: string; port: number }): void {
    const method = /^[A-Z]+/.exec(text)?.[0];
    const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';
    const id = header('Call-ID');
    const reply = (status: string, body = '') =>
      this.#signaling.send(response(text, status, body, this.#port), from.port, from.address);
    if (method === 'INVITE') this.#invite(text, id, reply);
    if (method === 'BYE' || method === 'CANCEL' || method === 'OPTIONS') reply('200 OK');
    if (method === 'BYE') {
      this.#lines.get(id)?.media.close();
      this.#lines.delete(id);
    }
  }

  #invite(text: string, id: string, reply: (status: string, body: string) => void): void {
    const known = this.#lines.get(id);
    if (known) return reply('200 OK', answer(known.media.address().port));
    const user = /^INVITE sip:([^@]+)@/.exec(text)?.[1] ?? '';
    this.#onFirst(user, 'invite');
    const media = createSocket('udp4');
    const line: Line = { media, hasHeard: false };
    this.#lines.set(id, line);
    media.on('message', (packet, from) => {
      if (packet.length < 12 || (packet[0] ?? 0) >> 6 !== 2) return;
      if (!line.hasHeard) this.#onFirst(user, 'media');
      line.hasHeard = true;
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
