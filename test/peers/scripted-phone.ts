import { createSocket, type Socket } from 'node:dgram';

/** What this phone answers to an INVITE: a status line and perhaps a description; nothing at all when undefined. */
export type Script =
  | { readonly status: string; readonly headers?: readonly string[]; readonly sdp?: string }
  | undefined;

/** A phone that does one thing to every INVITE, the wrong one: for faults that no real phone can be told to have. */
export class ScriptedPhone {
  readonly port: number;
  readonly #socket: Socket;
  readonly requests: string[] = [];

  private constructor(socket: Socket, script: Script) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (bytes, from) => {
      const request = bytes.toString('latin1');
      this.requests.push(request.split('\r\n', 1)[0] ?? '');
      const answer = reply(request, script, this.port);
      if (answer) socket.send(answer, from.port, from.address);
    });
  }

  static async start(script: Script): Promise<ScriptedPhone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new ScriptedPhone(socket, script);
  }

  get uri(): string {
    return `phone@127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.#socket.close();
  }
}

function reply(request: string, script: Script, port: number): string | undefined {
  if (request.startsWith('INVITE')) return script && response(request, script, port);
  return /^(BYE|CANCEL|OPTIONS)/.test(request) ? response(request, { status: '200 OK' }, port) : undefined;
}

function response(request: string, script: NonNullable<Script>, port: number): string {
  const copied = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Record-Route):/i.test(line));
  const to = /^To:.*$/im.exec(request)?.[0] ?? '';
  const body = script.sdp ?? '';
  return [
    `SIP/2.0 ${script.status}`,
    ...copied,
    /;tag=/.test(to) ? to : `${to};tag=scripted`,
    `Contact: <sip:phone@127.0.0.1:${port}>`,
    ...(script.headers ?? []),
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}
