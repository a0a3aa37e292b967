import { createHash } from 'node:crypto';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { Core } from 'sip.js';
import type { ByteString } from '../../message/byte-string.ts';
import type { Imdn } from '../../message/imdn.ts';
import { type BodyRead, type Envelope, readBody } from '../../message/read-body.ts';
import { UnreadableBody } from '../../message/unreadable-body.ts';
import type { PageBody } from '../../ports/sip-messages.ts';
import { maxBodyBytes } from '../message/sip-limits.ts';
import { codings } from './codings.ts';

/** A body as it is handed on, and what CPIM says about its sender. */
export interface PageRead {
  readonly body: PageBody;
  /** It came in an envelope, so one can go back. */
  readonly hasEnvelope: boolean;
  readonly sender: Envelope['from'];
}

/** Longest id of a message that is taken as it is, in characters. */
const maxIdChars = 200;

/**
 * Reads the body of a MESSAGE.
 *
 * @param bytes the body as it came
 * @throws UnreadableBody
 */
export function readPage(message: Core.IncomingRequestMessage, bytes: Buffer): PageRead {
  const headers = new Map<string, string>();
  for (const name of ['content-type', 'content-transfer-encoding']) {
    const value = message.getHeader(name);
    if (value !== undefined) headers.set(name, value);
  }
  if (bytes.length === 0) throw new UnreadableBody('The body is empty');
  const body = inflated(bytes, message.getHeader('content-encoding')).toString('latin1');
  const read = readBody({ headers, body }, codings);
  const envelope = read.kind === 'composing' ? undefined : read.envelope;
  return { body: pageOf(read, message, body), hasEnvelope: envelope !== undefined, sender: envelope?.from };
}

/** RFC 3261 s. 20.12. A few kB that become gigabytes are refused at the size that any body may have. */
function inflated(bytes: Buffer, encoding: string | undefined): Buffer {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return bytes;
  const undo = { deflate: inflateSync, gzip: gunzipSync }[name];
  if (undo === undefined) throw new UnreadableBody('Unsupported Content-Encoding', { code: 415 });
  try {
    return undo(bytes, { maxOutputLength: maxBodyBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw new UnreadableBody('The body is too large', { code: 413, cause });
    throw new UnreadableBody(`The body is no ${name}`, { cause });
  }
}

function pageOf(read: BodyRead, message: Core.IncomingRequestMessage, body: ByteString): PageBody {
  switch (read.kind) {
    case 'message': {
      const { contentType, content, envelope } = read;
      const wishes = envelope?.wishes ?? [];
      return {
        kind: 'message',
        id: usable(envelope?.id) ?? madeId(message, body),
        contentType,
        content,
        ...(envelope?.at === undefined ? {} : { at: envelope.at }),
        wantsDelivery: wishes.includes('positive-delivery'),
        wantsDisplay: wishes.includes('display'),
      };
    }
    case 'disposition':
      return dispositionOf(read.imdn);
    case 'composing':
      return { kind: 'composing', ...read.composing };
  }
}

/** RFC 5438 s. 7.2.1: `processed` and `stored` say that it is on its way, which is nothing new to its sender. */
function dispositionOf({ messageId, disposition }: Imdn): PageBody {
  const message = usable(messageId);
  if (message === undefined) throw new UnreadableBody('An IMDN for a Message-ID that cannot be one of ours');
  return { kind: 'disposition', message, state: states[disposition] };
}

const states = {
  delivered: 'delivered',
  displayed: 'displayed',
  processed: 'on-its-way',
  stored: 'on-its-way',
  failed: 'failed',
  forbidden: 'error',
  error: 'error',
} as const;

/** What could break out of a line or a log is not kept as an id. */
const usable = (id: string | undefined): string | undefined =>
  id !== undefined && id.length <= maxIdChars && /^[\x21-\x7e]+$/.test(id) ? id : undefined;

/** The same for each repetition of the request, by whatever way and whenever it comes. */
const madeId = ({ callId, cseq, from }: Core.IncomingRequestMessage, body: ByteString): string =>
  createHash('sha256').update([callId, cseq, from.uri.toString(), body].join('\n')).digest('base64url').slice(0, 32);
