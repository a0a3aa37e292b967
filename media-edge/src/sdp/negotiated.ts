/** What a browser session has come to so far; the next description of ours is written from it. */
import type { LineCodec } from './formats.ts';
import type { ExtensionMap } from './section.ts';

export interface Negotiated {
  /** In the order of the m-lines, which never changes (RFC 3264 s. 8). */
  readonly lines: readonly NegotiatedLine[];
  /** Role of the browser in DTLS; it lasts as long as the association (RFC 8842 s. 5.5). */
  readonly browserRole: 'client' | 'server';
}

export interface NegotiatedLine {
  readonly mid: string;
  readonly kind: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly isRefused: boolean;
  /** Empty on a refused line. Their numbers mean the same for the rest of the session (RFC 3264 s. 8.3.2). */
  readonly codecs: readonly LineCodec[];
  readonly extensions: readonly ExtensionMap[];
}
