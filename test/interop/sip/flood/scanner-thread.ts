/** Scanners from many addresses: so many requests a second, none of them welcome. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { Gateway } from './flood-phone.ts';

export interface ScannersTask {
  readonly gateway: Gateway;
  readonly addresses: readonly string[];
  readonly perSecond: number;
  /** Ports of running calls, which are sent false media. */
  readonly mediaPorts: readonly number[];
}

/** What they did, when told to end. */
export interface ScannersReport {
  readonly sent: number;
  readonly seconds: number;
  readonly bytesOut: number;
  readonly answers: number;
  readonly bytesIn: number;
}

const methods = ['REGISTER', 'INVITE', 'OPTIONS'] as const;
const agents = ['friendly-scanner', 'sipcli/v1.8', 'Asterisk PBX 18', 'eyeBeam release 1011d', undefined];

function requestOf(index: number, address: string, { domain }: Gateway): Buffer {
  const method = methods[index % methods.length] ?? 'OPTIONS';
  const user = String(100 + (index % 900));
  const agent = agents[index % agents.length];
  const body = method === 'INVITE' ? sdp(address) : '';
  return Buffer.from(
    [
      `${method} sip:${method === 'REGISTER' ? '' : `${user}@`}${domain} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:5060;branch=z9hG4bK-${index};rport`,
      'Max-Forwards: 70',
      `From: "${user}" <sip:${user}@${index % 2 === 0 ? domain : address}>;tag=${index}`,
      `To: <sip:${user}@${domain}>`,
      `Call-ID: ${index}-${address}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:${user}@${address}:5060>`,
      ...(agent === undefined ? [] : [`User-Agent: ${agent}`]),
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
}

const sdp = (address: string): string =>
  `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n`;

/** As it would be of a phone, but of another source. */
function falseMedia(index: number): Buffer {
  const packet = Buffer.alloc(172, 0xaa);
  packet[0] = 0x80;
  packet[1] = 0;
  packet.writeUInt16BE(index & 0xffff, 2);
  packet.writeUInt32BE(0xbad, 8);
  return packet;
}

async function run({ gateway, addresses, perSecond, mediaPorts }: ScannersTask): Promise<void> {
  const counts = { sent: 0, bytesOut: 0, answers: 0, bytesIn: 0 };
  const sockets = await Promise.all(addresses.map((address) => open(address, counts)));
  const started = performance.now();
  const timer = setInterval(() => {
    for (const due = ((performance.now() - started) / 1000) * perSecond; counts.sent < due; counts.sent++) {
      const at = counts.sent % sockets.length;
      const request = requestOf(counts.sent, addresses[at] ?? '', gateway);
      counts.bytesOut += request.length;
      sockets[at]?.send(request, gateway.port, gateway.address);
      const port = mediaPorts[counts.sent % mediaPorts.length];
      if (counts.sent % 10 === 0 && port !== undefined)
        sockets[at]?.send(falseMedia(counts.sent), port, gateway.address);
    }
  }, 5);
  parentPort?.once('message', () => {
    clearInterval(timer);
    const report: ScannersReport = { ...counts, seconds: (performance.now() - started) / 1000 };
    parentPort?.postMessage(report);
    for (const socket of sockets) socket.close();
  });
}

async function open(address: string, counts: { answers: number; bytesIn: number }): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes) => {
    counts.answers++;
    counts.bytesIn += bytes.length;
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

await run(workerData);
