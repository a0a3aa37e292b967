/** The few SIP messages of a probe's call, and what it reads of the answers. */
export interface ProbeCall {
  readonly host: string;
  readonly sipPort: number;
  readonly rtpPort: number;
  /** `echo@example.org` */
  readonly to: string;
  readonly callId: string;
  readonly fromTag: string;
}

/** What the 200 tells: where to send media and the requests in the dialog (RFC 3261 s. 12.1.2). */
export interface ProbeAnswer {
  readonly toTag: string;
  readonly target: string;
  readonly media: { readonly address: string; readonly port: number };
}

export function inviteText(call: ProbeCall, branch: string): string {
  const sdp = [
    'v=0',
    `o=probe 1 1 IN IP4 ${call.host}`,
    's=-',
    `c=IN IP4 ${call.host}`,
    't=0 0',
    `m=audio ${call.rtpPort} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
  const head = requestHead(call, { method: 'INVITE', uri: `sip:${call.to}`, branch, cseq: 1 });
  return [
    ...head,
    `Contact: <sip:probe@${call.host}:${call.sipPort}>`,
    'Content-Type: application/sdp',
    `Content-Length: ${sdp.length}`,
    '',
    sdp,
  ].join('\r\n');
}

/** An ACK or BYE in the dialog. The ACK of a 200 has the INVITE's number (RFC 3261 s. 13.2.2.4). */
export function inDialogText(call: ProbeCall, answer: ProbeAnswer, method: 'ACK' | 'BYE', branch: string): string {
  const cseq = method === 'ACK' ? 1 : 2;
  const head = requestHead(call, { method, uri: answer.target, branch, cseq, toTag: answer.toTag });
  return [...head, 'Content-Length: 0', '', ''].join('\r\n');
}

/** @returns the status of a response to the probe's INVITE, `undefined` for anything else */
export function inviteStatus(text: string, callId: string): number | undefined {
  const status = /^SIP\/2\.0 (\d{3}) /.exec(text)?.[1];
  const isOurs = header(text, 'call-id') === callId && /\bINVITE$/.test(header(text, 'cseq') ?? '');
  return status === undefined || !isOurs ? undefined : Number(status);
}

/** @returns `undefined` if the 200 lacks something that the call needs */
export function readAnswer(text: string): ProbeAnswer | undefined {
  const toTag = /;tag=([^;\s]+)/.exec(header(text, 'to') ?? '')?.[1];
  const target = /<([^>]+)>/.exec(header(text, 'contact') ?? '')?.[1];
  const address = /^c=IN IP[46] (\S+)/m.exec(text)?.[1];
  const port = Number(/^m=audio (\d+) /m.exec(text)?.[1]);
  return toTag && target && address && port > 0 ? { toTag, target, media: { address, port } } : undefined;
}

/** One packet of 20 ms PCMU silence (RFC 3550 s. 5.1, RFC 3551 s. 4.5.14). */
export function rtpPacket(ssrc: number, index: number): Buffer {
  const packet = Buffer.alloc(12 + 160, 0xff);
  packet.writeUInt16BE(0x8000, 0);
  packet.writeUInt16BE(index & 0xffff, 2);
  packet.writeUInt32BE((index * 160) >>> 0, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

function requestHead(
  call: ProbeCall,
  request: { method: string; uri: string; branch: string; cseq: number; toTag?: string },
): string[] {
  const { host, sipPort, to, callId, fromTag } = call;
  return [
    `${request.method} ${request.uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${host}:${sipPort};branch=z9hG4bK${request.branch};rport`,
    'Max-Forwards: 70',
    // In nobody's name: callers of our own domain have to prove who they are.
    `From: <sip:probe@probe.invalid>;tag=${fromTag}`,
    `To: <sip:${to}>${request.toTag === undefined ? '' : `;tag=${request.toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${request.cseq} ${request.method}`,
  ];
}

function header(text: string, name: string): string | undefined {
  return new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim();
}
