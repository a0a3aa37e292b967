import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { ProbeResult } from '@sylk/protocol/edge/commands.ts';
import {
  inDialogText,
  inviteStatus,
  inviteText,
  type ProbeAnswer,
  type ProbeCall,
  readAnswer,
  rtpPacket,
} from './probe-messages.ts';

export interface ProbeOptions {
  /** An IPv4 address of ours, and the SIP port there. */
  readonly address: string;
  readonly port: number;
  readonly domain: string;
}

/** How long the answer may take; how many packets go out, one each 20 ms; how long those back may still take, in ms. */
const answerWithinMs = 4_000;
const packets = 25;
const tailMs = 300;
const repeatMs = 500;

/**
 * Calls echo over our own SIP port as a phone would, and counts the RTP that comes back.
 * It proves sockets, SIP, routing, the relay and a media worker in one go.
 */
export async function probe({ address, port, domain }: ProbeOptions): Promise<ProbeResult> {
  const startedAt = performance.now();
  const [sip, rtp] = await Promise.all([bind(address), bind(address)]);
  try {
    const call: ProbeCall = {
      host: address,
      sipPort: sip.address().port,
      rtpPort: rtp.address().port,
      to: `echo@${domain}`,
      callId: `probe-${token()}`,
      fromTag: token(),
    };
    const answer = await invite(sip, call, { address, port });
    const setUpMs = Math.round(performance.now() - startedAt);
    await send(sip, inDialogText(call, answer, 'ACK', token()), { address, port });
    const packetsBack = await exchange(rtp, answer);
    await send(sip, inDialogText(call, answer, 'BYE', token()), { address, port });
    const error = packetsBack > 0 ? undefined : 'echo answered, but no packet came back';
    return { ok: packetsBack > 0, setUpMs, packetsBack, ...(error && { error }) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  } finally {
    sip.close();
    rtp.close();
  }
}

/** @throws Error that says why there is no answer */
function invite(sip: Socket, call: ProbeCall, to: { address: string; port: number }): Promise<ProbeAnswer> {
  const text = inviteText(call, token());
  const { promise, resolve, reject } = Promise.withResolvers<ProbeAnswer>();
  const late = setTimeout(() => reject(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs);
  const repeat = setInterval(() => sip.send(text, to.port, to.address), repeatMs);
  sip.on('message', (bytes) => {
    const message = bytes.toString('latin1');
    const status = inviteStatus(message, call.callId);
    if (status === undefined) return;
    clearInterval(repeat);
    if (status < 200) return;
    const answer = status < 300 ? readAnswer(message) : undefined;
    if (answer) resolve(answer);
    else reject(new Error(`echo answered with ${message.split('\r\n', 1)[0]}`));
  });
  sip.send(text, to.port, to.address);
  return promise.finally(() => {
    clearTimeout(late);
    clearInterval(repeat);
  });
}

async function exchange(rtp: Socket, { media }: ProbeAnswer): Promise<number> {
  const ssrc = randomBytes(4).readUInt32BE();
  let back = 0;
  rtp.on('message', () => {
    back += 1;
  });
  for (let index = 0; index < packets; index += 1) {
    rtp.send(rtpPacket(ssrc, index), media.port, media.address);
    await pause(20);
  }
  await pause(tailMs);
  return back;
}

function bind(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, address, () => {
      // An ICMP error is no more than a packet that does not come back.
      socket.removeListener('error', reject).on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Resolves when it is out: closing the socket before would lose it. */
function send(socket: Socket, text: string, { address, port }: { address: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(text, port, address, (error) => (error ? reject(error) : resolve()));
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const token = (): string => randomBytes(8).toString('hex');
