import { randomBytes } from 'node:crypto';

/** One SIP message as text, with its parts at hand. */
export class SipText {
  readonly text: string;
  readonly startLine: string;
  readonly body: string;
  readonly #head: string;

  constructor(text: string) {
    const end = text.indexOf('\r\n\r\n');
    this.text = text;
    this.#head = text.slice(0, end);
    this.body = text.slice(end + 4);
    this.startLine = text.split('\r\n', 1)[0] ?? '';
  }

  /** Method of a request, or `180` of a response. */
  get what(): string {
    const [first = '', second = ''] = this.startLine.split(' ');
    return first === 'SIP/2.0' ? second : first;
  }

  get method(): string {
    return this.header('CSeq').split(' ')[1] ?? '';
  }

  get cseq(): number {
    return Number(this.header('CSeq').split(' ')[0]);
  }

  headers(name: string): string[] {
    return this.#head
      .split('\r\n')
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  }

  /** The first of that name; empty when there is none. */
  header(name: string): string {
    return this.headers(name)[0] ?? '';
  }

  /** URI between the brackets of Contact, From or To. */
  uri(name: string): string {
    return /<([^>]*)>/.exec(this.header(name))?.[1] ?? this.header(name);
  }

  tag(name: 'From' | 'To'): string | undefined {
    return /;tag=([^;\s]+)/.exec(this.header(name))?.[1];
  }
}

/** A message from its lines, with the headers of its body. */
export function sipMessage(lines: readonly string[], sdp?: string): string {
  const hasType = lines.some((line) => line.startsWith('Content-Type:'));
  const type = sdp === undefined || hasType ? [] : ['Content-Type: application/sdp'];
  return [...lines, ...type, `Content-Length: ${Buffer.byteLength(sdp ?? '')}`, '', sdp ?? ''].join('\r\n');
}

/** Plain audio as phones write it. */
export function phoneSdp(
  options: { address?: string; port?: number; codecs?: string; direction?: string; version?: number } = {},
): string {
  const address = options.address ?? '127.0.0.1';
  return [
    'v=0',
    `o=bob 77 ${options.version ?? 1} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${options.port ?? 15_900} RTP/AVP ${options.codecs ?? '0 8 101'}`,
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    `a=${options.direction ?? 'sendrecv'}`,
    '',
  ].join('\r\n');
}

/** For tags, branches and Call-IDs. */
export const randomToken = (): string => randomBytes(6).toString('hex');
