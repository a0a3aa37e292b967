import type { ByteString, TextCodings } from './byte-string.ts';

const decodeWith = (bytes: ByteString, charset: string): string | undefined => {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
};

/** What Node knows about text, for tests. */
export const codings: TextCodings = {
  decode: decodeWith,
  encode: (text) => Buffer.from(text).toString('latin1'),
  fromBase64: (text) => (/^[A-Za-z0-9+/=\s]*$/.test(text) ? Buffer.from(text, 'base64').toString('latin1') : undefined),
  toBase64: (bytes) => Buffer.from(bytes, 'latin1').toString('base64'),
};

/** The bytes of a text with CRLF line ends. */
export const bytesOf = (...lines: readonly string[]): ByteString => codings.encode(lines.join('\r\n'));

export const part = (type: string, body: ByteString, encoding?: string) => ({
  headers: new Map([
    ['content-type', type],
    ...(encoding === undefined ? [] : [['content-transfer-encoding', encoding] as const]),
  ]),
  body,
});
