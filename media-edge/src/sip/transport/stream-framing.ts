import { maxBodyBytes, maxHeadBytes } from '../message/sip-limits.ts';

/** What came out of a stream: a whole message, or a keep-alive (RFC 5626 s. 3.5.1). */
export type Frame = { readonly kind: 'message'; readonly bytes: Buffer } | { readonly kind: 'ping' };

/** The stream cannot be read on: where the next message begins is unknown. */
export class FramingError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'FramingError';
  }
}

/** Cuts a TCP stream into SIP messages by their Content-Length (RFC 3261 s. 18.3). */
export class StreamFraming {
  #rest: Buffer = Buffer.alloc(0);
  /** Where `#rest` lies once it has come in pieces: what is read out of it stays, what comes is put behind. */
  #room: Buffer = Buffer.alloc(0);
  /** Length of the message whose head is complete, so that a slow body is not searched again with each piece. */
  #wanted: number | undefined;
  /** How far the search for the end of the head has come. */
  #searched = 0;

  /** @throws FramingError; the connection is of no use afterwards */
  push(piece: Buffer): Frame[] {
    this.#append(piece);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  /** True if all that came has been read out. */
  get isEmpty(): boolean {
    return this.#rest.length === 0;
  }

  /** True while a message has begun and its end has not come; line ends between messages are none. */
  get isWithinMessage(): boolean {
    return this.#wanted !== undefined || this.#rest.some((byte) => byte !== 13 && byte !== 10);
  }

  /** Room is doubled when it runs out, so that a message in many pieces is copied a few times and not once for each. */
  #append(piece: Buffer): void {
    const { length } = this.#rest;
    if (length === 0) {
      this.#rest = piece;
      return;
    }
    let start = this.#rest.byteOffset;
    if (this.#rest.buffer !== this.#room.buffer || start + length + piece.length > this.#room.length) {
      // Not from the shared pool, as the offsets are those within this room.
      this.#room = Buffer.allocUnsafeSlow(2 * (length + piece.length));
      this.#rest.copy(this.#room);
      start = 0;
    }
    piece.copy(this.#room, start + length);
    this.#rest = this.#room.subarray(start, start + length + piece.length);
  }

  #next(): Frame | undefined {
    if (this.#wanted === undefined) {
      const ping = this.#takeLineEnds();
      if (ping !== undefined) return ping;
      this.#wanted = this.#messageLength();
    }
    if (this.#wanted === undefined || this.#rest.length < this.#wanted) return undefined;
    const bytes = this.#rest.subarray(0, this.#wanted);
    this.#rest = this.#rest.subarray(this.#wanted);
    this.#wanted = undefined;
    this.#searched = 0;
    return { kind: 'message', bytes };
  }

  /** RFC 3261 s. 7.5: line ends before a start line are ignored; two of them are a ping. */
  #takeLineEnds(): Frame | undefined {
    if (this.#rest.length >= 4 && this.#rest.toString('latin1', 0, 4) === '\r\n\r\n') {
      this.#rest = this.#rest.subarray(4);
      return { kind: 'ping' };
    }
    if (this.#rest.length > 2 && this.#rest[0] === 13 && this.#rest[1] === 10 && this.#rest[2] !== 13) {
      this.#rest = this.#rest.subarray(2);
    }
    return undefined;
  }

  #messageLength(): number | undefined {
    const end = this.#rest.indexOf('\r\n\r\n', this.#searched);
    if ((end < 0 ? this.#rest.length : end) > maxHeadBytes)
      throw new FramingError(`headers of over ${maxHeadBytes} bytes`);
    if (end < 0) {
      this.#searched = Math.max(0, this.#rest.length - 3);
      return undefined;
    }
    return end + 4 + contentLength(this.#rest.toString('latin1', 0, end));
  }
}

function contentLength(head: string): number {
  const lines = head.matchAll(/\r\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)/gi);
  const values = new Set([...lines].map((match) => (match[1] ?? '').trim()));
  const [value = '0'] = values;
  if (values.size > 1 || !/^\d{1,9}$/.test(value)) throw new FramingError('no single Content-Length');
  if (Number(value) > maxBodyBytes) throw new FramingError(`body of over ${maxBodyBytes} bytes`);
  return Number(value);
}
