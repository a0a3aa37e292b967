import type { TextCodings } from '../../message/byte-string.ts';

/** What Node knows about text: the character sets of the WHATWG list, none of which is read past its faults. */
export const codings: TextCodings = {
  decode: (bytes, charset) => {
    const decoder = decoderOf(charset.trim());
    if (decoder === undefined) return undefined;
    try {
      return decoder.decode(Buffer.from(bytes, 'latin1'));
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  },
  encode: (text) => Buffer.from(text).toString('latin1'),
  fromBase64: (text) => {
    const bare = text.replace(/\s/g, '');
    return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare)
      ? Buffer.from(bare, 'base64').toString('latin1')
      : undefined;
  },
  toBase64: (bytes) => Buffer.from(bytes, 'latin1').toString('base64'),
};

/** @returns `undefined` for a character set that nobody knows */
function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
