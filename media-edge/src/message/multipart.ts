import type { ByteString } from './byte-string.ts';
import { type MimePart, parseMediaType, splitPart } from './mime-headers.ts';
import { UnreadableBody } from './unreadable-body.ts';

const maxParts = 16;

/**
 * Takes a multipart body apart (RFC 2046 s. 5.1.1). What is before the first boundary and behind the last is left out;
 * a part without headers is plain text.
 *
 * @throws UnreadableBody
 */
export function splitMultipart(bytes: ByteString, boundary: string): readonly MimePart[] {
  if (!/^[\w'()+,./:=? -]{1,70}$/.test(boundary)) throw new UnreadableBody('A multipart body without a boundary');
  const [, ...pieces] = `\r\n${bytes}`.split(`\n--${boundary}`);
  const end = pieces.findIndex((piece) => piece.startsWith('--'));
  if (end < 0) throw new UnreadableBody('A multipart body that does not end');
  const parts = pieces.slice(0, end);
  if (parts.length === 0 || parts.length > maxParts)
    throw new UnreadableBody(`A multipart body of ${parts.length} parts, expected 1 to ${maxParts}`);
  return parts.map((piece) => splitPart(withoutEnds(piece)));
}

/** The line end behind the boundary belongs to it, and so does the one before the next. */
const withoutEnds = (piece: ByteString): ByteString => `${piece.replace(/^[ \t]{0,70}\r?\n/, '').replace(/\r$/, '')}`;

/**
 * The part that is shown: of alternatives the last one that can be (RFC 2046 s. 5.1.4), else the first.
 *
 * @throws UnreadableBody when there is none
 */
export function shownPart(
  parts: readonly MimePart[],
  isAlternative: boolean,
  isShown: (type: string) => boolean,
): MimePart {
  const able = parts.filter((part) => isShown(typeOf(part)));
  const part = isAlternative ? able.at(-1) : able[0];
  if (part === undefined) throw new UnreadableBody('No part of the body can be shown', { code: 415 });
  return part;
}

/** RFC 2045 s. 5.2. */
export const typeOf = ({ headers }: MimePart): string =>
  parseMediaType(headers.get('content-type') ?? 'text/plain')?.type ?? '';
