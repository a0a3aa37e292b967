import type { ByteString, TextCodings } from './byte-string.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** Undoes a Content-Transfer-Encoding (RFC 2045 s. 6). @throws UnreadableBody */
export function decodeTransfer(body: ByteString, encoding: string | undefined, codings: TextCodings): ByteString {
  switch ((encoding ?? '8bit').trim().toLowerCase()) {
    case '7bit':
    case '8bit':
    case 'binary':
    case '':
      return body;
    case 'quoted-printable':
      return fromQuotedPrintable(body);
    case 'base64': {
      const bytes = codings.fromBase64(body);
      if (bytes === undefined) throw new UnreadableBody('The body is no base64');
      return bytes;
    }
    default:
      throw new UnreadableBody('Unknown Content-Transfer-Encoding', { code: 415 });
  }
}

/** RFC 2045 s. 6.7: white space before a line end was added on the way, and `=` at the end joins two lines. */
const fromQuotedPrintable = (text: ByteString): ByteString =>
  text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .map((line) => line.replace(/[ \t]{1,1000}$/, ''))
    .map((line, index, lines) =>
      line.endsWith('=') ? line.slice(0, -1) : line + (index < lines.length - 1 ? '\r\n' : ''),
    )
    .join('')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
