/** base64url without padding (RFC 4648 s. 5), of texts whose characters are all below U+0100. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const encodeBase64Url = (text: string): string => {
  let encoded = '';
  for (let index = 0; index < text.length; index += 3) {
    const bytes = [0, 1, 2].map((offset) => text.charCodeAt(index + offset) || 0);
    const [first = 0, second = 0, third = 0] = bytes;
    const bits = (first << 16) | (second << 8) | third;
    const digits = Math.min(4, text.length - index + 1);
    for (let digit = 0; digit < digits; digit += 1) encoded += alphabet.charAt((bits >> (18 - 6 * digit)) & 63);
  }
  return encoded;
};

/** @returns `undefined` when the text has other characters, or a length that no encoding has */
export const decodeBase64Url = (encoded: string): string | undefined => {
  if (encoded.length % 4 === 1) return undefined;
  let text = '';
  let bits = 0;
  for (const [index, digit] of [...encoded].entries()) {
    const value = alphabet.indexOf(digit);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    // The first digit of each four completes no byte; the others complete one each.
    if (index % 4 > 0) text += String.fromCharCode((bits >> (6 - 2 * (index % 4))) & 0xff);
  }
  return text;
};
