/** Length of a text on the wire, in bytes of UTF-8 (RFC 3629 s. 3). */
export const utf8Length = (text: string): number => {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) bytes += 1;
    // Each half of a surrogate pair counts 2: together the 4 bytes of its character.
    if (unit > 0x7ff && !isHalfOfPair(text, index, unit)) bytes += 1;
  }
  return bytes;
};

// A half without its other half is sent as U+FFFD, which has 3 bytes.
const isHalfOfPair = (text: string, index: number, unit: number): boolean => {
  if (unit >= 0xd800 && unit <= 0xdbff) return isBetween(text.charCodeAt(index + 1), 0xdc00, 0xdfff);
  if (unit >= 0xdc00 && unit <= 0xdfff) return isBetween(text.charCodeAt(index - 1), 0xd800, 0xdbff);
  return false;
};

const isBetween = (unit: number, first: number, last: number): boolean => unit >= first && unit <= last;
