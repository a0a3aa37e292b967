import { randomToken, type SipText, sipMessage } from './sip-text.ts';

/** The end of a dialog that a test speaks for. */
export interface DialogPeer {
  readonly contact: string;
  via(branch: string): string;
  answer(request: SipText, text: string): void;
  sendTo(host: string, port: number, bytes: string): void;
}

export interface FakeDialogParts {
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly localTag: string;
  remoteTag: string | undefined;
  target: string;
  readonly invite: SipText | undefined;
}

/** One dialog of a fake peer: fills in the headers, and nothing else. */
export class FakeSipDialog {
  readonly callId: string;
  readonly #peer: DialogPeer;
  readonly #parts: FakeDialogParts;
  #cseq = 0;
  #lastBranch = '';

  constructor(peer: DialogPeer, parts: FakeDialogParts) {
    this.#peer = peer;
    this.#parts = parts;
    this.callId = parts.callId;
  }

  /** Answers a request of the other side; without one, the INVITE that began the dialog. */
  reply(code: number, phrase: string, options: ReplyOptions = {}): void {
    const request = options.to ?? this.#parts.invite;
    if (request === undefined) throw new Error('nothing to answer to');
    const to = request.header('To');
    const isDialogForming = code > 100 && request.what === 'INVITE';
    this.#peer.answer(
      request,
      sipMessage(
        [
          `SIP/2.0 ${code} ${phrase}`,
          ...request.headers('Via').map((via) => `Via: ${via}`),
          `From: ${request.header('From')}`,
          `To: ${to}${code === 100 || options.isBare || /;tag=/.test(to) ? '' : `;tag=${this.#parts.localTag}`}`,
          `Call-ID: ${this.callId}`,
          `CSeq: ${request.header('CSeq')}`,
          ...(isDialogForming && !options.isBare ? [`Contact: ${options.contact ?? this.#peer.contact}`] : []),
          ...(options.headers ?? []),
        ],
        options.sdp,
      ),
    );
  }

  /** Sends a request to `host:port` of the gateway; returns its text. */
  request(method: string, gateway: { address: string; port: number }, options: RequestOptions = {}): string {
    const { local, remote, localTag, remoteTag, target } = this.#parts;
    const isSame = method === 'ACK' || method === 'CANCEL';
    if (!isSame) this.#cseq++;
    const isOfInvite = (method === 'CANCEL' || options.sameBranch === true) && this.#lastBranch !== '';
    const branch = isOfInvite ? this.#lastBranch : `z9hG4bK${randomToken()}`;
    if (!isSame) this.#lastBranch = branch;
    const isInDialog = remoteTag !== undefined && method !== 'CANCEL';
    const text = sipMessage(
      [
        `${method} ${options.uri ?? target} SIP/2.0`,
        `Via: ${this.#peer.via(branch)}`,
        `From: <${local}>;tag=${localTag}`,
        `To: <${remote}>${isInDialog ? `;tag=${remoteTag}` : ''}`,
        `Call-ID: ${this.callId}`,
        `CSeq: ${this.#cseq} ${method}`,
        'Max-Forwards: 70',
        `Contact: ${this.#peer.contact}`,
        ...(options.headers ?? []),
      ],
      options.sdp,
    );
    this.#peer.sendTo(gateway.address, gateway.port, text);
    return text;
  }

  /** Learns tag and Contact of the other side from its response. */
  learn(response: SipText): void {
    this.#parts.remoteTag = response.tag('To');
    if (response.header('Contact') !== '') this.#parts.target = response.uri('Contact');
  }
}

export interface ReplyOptions {
  /** The request to answer. */
  readonly to?: SipText;
  readonly sdp?: string;
  readonly headers?: readonly string[];
  /** Instead of our own Contact. */
  readonly contact?: string;
  /** Without To tag and Contact. */
  readonly isBare?: boolean;
}

export interface RequestOptions {
  readonly sdp?: string;
  readonly headers?: readonly string[];
  readonly uri?: string;
  /** For the ACK of a failure (RFC 3261 s. 17.1.1.3). */
  readonly sameBranch?: boolean;
}
