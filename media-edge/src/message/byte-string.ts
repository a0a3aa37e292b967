/**
 * Bytes as text: one character (0 to 255) a byte. Bodies stay in this form until their character set is known,
 * and nothing here needs to know what a runtime calls its buffers.
 */
export type ByteString = string;

/** What a runtime knows about text. Neither throws. */
export interface TextCodings {
  /** @returns `undefined` for bytes that are not in this character set, or for a set that nobody knows */
  decode(bytes: ByteString, charset: string): string | undefined;
  /** The UTF-8 of a text. */
  encode(text: string): ByteString;
  /** @returns `undefined` for what is no base64 (RFC 4648 s. 4; line ends are skipped) */
  fromBase64(text: ByteString): ByteString | undefined;
  toBase64(bytes: ByteString): string;
}
