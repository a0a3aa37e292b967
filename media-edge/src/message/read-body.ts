import type { ByteString, TextCodings } from './byte-string.ts';
import { type CpimParty, parseCpim, type Wish } from './cpim.ts';
import { type Imdn, imdnType, parseImdn } from './imdn.ts';
import { type Composing, isComposingType, parseComposing } from './is-composing.ts';
import { type MimePart, parseMediaType } from './mime-headers.ts';
import { shownPart, splitMultipart } from './multipart.ts';
import { decodeTransfer } from './transfer-encoding.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** What a body says, whatever it was wrapped in. */
export type BodyRead =
  | {
      readonly kind: 'message';
      readonly contentType: string;
      readonly content: string;
      /** What CPIM adds; absent without it. */
      readonly envelope?: Envelope;
    }
  | { readonly kind: 'disposition'; readonly imdn: Imdn; readonly envelope?: Envelope }
  | { readonly kind: 'composing'; readonly composing: Composing };

export interface Envelope {
  readonly from?: CpimParty;
  readonly id?: string;
  /** ms since 1970. */
  readonly at?: number;
  readonly wishes: readonly Wish[];
}

/** Wrappings within each other that are opened. */
const maxLayers = 4;

/** Types that a messenger can do something with; the value of Accept. */
export const acceptedTypes =
  'text/plain, text/html, message/cpim, message/imdn+xml, application/im-iscomposing+xml, multipart/*, image/*';

/**
 * Reads the body of a MESSAGE.
 *
 * @param part its Content-Type and Content-Transfer-Encoding, and its bytes
 * @throws UnreadableBody
 */
export const readBody = (part: MimePart, codings: TextCodings): BodyRead => readPart(part, codings, { layers: 0 });

interface Where {
  readonly layers: number;
  readonly envelope?: Envelope;
}

function readPart(part: MimePart, codings: TextCodings, where: Where): BodyRead {
  if (where.layers > maxLayers) throw new UnreadableBody('Too many bodies within each other');
  const media = parseMediaType(part.headers.get('content-type') ?? 'text/plain');
  if (media === undefined) throw new UnreadableBody('Malformed Content-Type of the body');
  const { type, parameters } = media;
  const bytes = decodeTransfer(part.body, part.headers.get('content-transfer-encoding'), codings);
  const inner = { ...where, layers: where.layers + 1 };
  if (type === 'message/cpim') {
    if (where.envelope !== undefined) throw new UnreadableBody('CPIM within CPIM');
    const { part: within, to: _, ...envelope } = parseCpim(bytes, codings);
    return readPart(within, codings, { ...inner, envelope });
  }
  if (type.startsWith('multipart/')) {
    const parts = splitMultipart(bytes, parameters.get('boundary') ?? '');
    return readPart(shownPart(parts, type === 'multipart/alternative', isTaken), codings, inner);
  }
  if (!isTaken(type)) throw new UnreadableBody('Unsupported Media Type', { code: 415 });
  if (type.startsWith('image/')) return withContent(type, imageText(bytes, codings), where);
  return readText(type, textIn(bytes, parameters.get('charset'), codings), where);
}

function readText(type: string, text: string, where: Where): BodyRead {
  const { envelope } = where;
  if (type === isComposingType) return { kind: 'composing', composing: parseComposing(text) };
  if (type === imdnType) return { kind: 'disposition', imdn: parseImdn(text), ...(envelope && { envelope }) };
  return withContent(type, text, where);
}

function withContent(contentType: string, content: string, { envelope }: Where): BodyRead {
  if (content.trim() === '' && !isQuestion(contentType)) throw new UnreadableBody('The body is empty');
  return { kind: 'message', contentType, content, ...(envelope && { envelope }) };
}

/** What asks for something by its type alone. */
const isQuestion = (type: string): boolean => type === 'application/sylk-api-token';

const isTaken = (type: string): boolean =>
  /^(?:text|image|multipart)\/./.test(type) ||
  type === 'message/cpim' ||
  type === imdnType ||
  type === isComposingType ||
  /^application\/(?:sylk-[\w-]+|vnd\.gsma\.rcs-ft-http\+xml)$/.test(type);

function textIn(bytes: ByteString, charset: string | undefined, codings: TextCodings): string {
  const text = codings.decode(bytes, charset ?? 'utf-8');
  if (text !== undefined) return text;
  throw new UnreadableBody(charset === undefined ? 'The text is not UTF-8' : 'The text is not in its character set');
}

/** Clients hand images on as base64; some phones send them so, others as they are. */
const imageText = (bytes: ByteString, codings: TextCodings): string =>
  /^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(bytes) ? bytes.replace(/\s/g, '') : codings.toBase64(bytes);
